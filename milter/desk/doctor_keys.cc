// Every signing key: can be used, is published, matches.

#include <sys/stat.h>

#include <algorithm>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/base/text.h"
#include "policy/signing/key_record.h"

namespace postern {
namespace {

// RFC 8301 s.3.2: signers SHOULD use at least 2048 bits.
constexpr int kStrongRsaBits = 2048;

std::string NameOf(const KeyInUse& key) {
  return fmt::format("{}._domainkey.{}", key.selector, key.domain.text());
}

// The record as a zone file has it, in strings of 255 octets at most.
std::string RecordToPublish(const KeyInUse& key) {
  const bool is_rsa = key.key->algorithm() == KeyAlgorithm::kRsaSha256;
  std::string rest =
      fmt::format("v=DKIM1; k={}; p={}", is_rsa ? "rsa" : "ed25519",
                  key.key->public_base64());
  std::string strings;
  while (!rest.empty()) {
    constexpr std::size_t kLongest = 250;
    strings += fmt::format(" \"{}\"", rest.substr(0, kLongest));
    rest.erase(0, std::min(kLongest, rest.size()));
  }
  return fmt::format("publish: {}. TXT{}", NameOf(key), strings);
}

Examined Judged(const KeyInUse& key, PublishedKey published) {
  Examined examined{"dkim-key", NameOf(key), Health::kFail, "",
                    RecordToPublish(key)};
  switch (published) {
    case PublishedKey::kMatches:
      examined.outcome = Health::kOk;
      examined.detail = "published, and the half of our key";
      examined.fix.clear();
      break;
    case PublishedKey::kMissing:
      examined.detail = "not published: no signature with this key verifies";
      break;
    case PublishedKey::kDiffers:
      examined.detail = "another key is published than the one we sign with";
      examined.fix +=
          "\nor sign with the key that belongs to the published record";
      break;
    case PublishedKey::kRevoked:
      examined.detail = "revoked: the published p= is empty";
      examined.fix = "sign with a new key under another selector";
      break;
    case PublishedKey::kMalformed:
      examined.detail = "what is published is no key record, or there are two";
      break;
    case PublishedKey::kUnknown:
      examined.outcome = Health::kUnknown;
      examined.detail = "DNS did not answer";
      examined.fix = "ask again; see the line about the resolver";
      break;
  }
  return examined;
}

void ExamineFlags(const KeyInUse& key, Visit* visit) {
  const DnsAnswer answer =
      visit->dns.Ask(NameOf(key), RrType::kTxt, visit->Soon());
  if (answer.records.size() != 1) return;
  const Result<KeyRecord> record = ParseKeyRecord(answer.records.front().value);
  if (!record || std::ranges::find(record->flags, "y") == record->flags.end())
    return;
  visit->Add({"dkim-testing", NameOf(key), Health::kWarn,
              "published with t=y: verifiers treat the mail as unsigned",
              "remove t=y from the record once mail arrives signed"});
}

void ExamineKey(const SigningDomain& domain, const SigningKey& configured,
                Visit* visit) {
  const Result<std::shared_ptr<const PrivateKey>> key =
      PrivateKey::FromFile(configured.file);
  if (!key) {
    visit->Add({"key-file", configured.file, Health::kFail, key.error().message,
                "chown root:postern " + configured.file + " && chmod 640 " +
                    configured.file +
                    "; make one with: openssl genrsa -out FILE 2048"});
    return;
  }
  visit->Add({"key-file", configured.file, Health::kOk,
              fmt::format("{}, {} bits", ToString((*key)->algorithm()),
                          (*key)->bits()),
              ""});
  const bool is_rsa = (*key)->algorithm() == KeyAlgorithm::kRsaSha256;
  if (is_rsa && (*key)->bits() < kStrongRsaBits)
    visit->Add({"key-strength", configured.file, Health::kWarn,
                fmt::format("RSA of {} bits; 2048 are expected (RFC 8301)",
                            (*key)->bits()),
                "make a new key of 2048 bits under another selector"});
  const KeyInUse in_use{.domain = domain.domain,
                        .selector = ToLower(configured.selector),
                        .key = *key};
  visit->Add(
      Judged(in_use, AskPublishedKey(in_use, visit->dns, visit->Soon())));
  ExamineFlags(in_use, visit);
}

}  // namespace

void ExamineKeys(Visit* visit) {
  const SigningConfig& signing = visit->config.signing;
  if (!signing.enabled || signing.domains.empty()) {
    visit->Add({"signing", "dkim", Health::kWarn,
                signing.enabled ? "no domain is signed for"
                                : "signing.enabled is false",
                "unless another program signs after Postern, add "
                "[signing.domains.\"example.com\"] with its keys"});
    return;
  }
  for (const SigningDomain& domain : signing.domains) {
    for (const SigningKey& key : domain.keys)
      visit->dns.Prefetch(
          fmt::format("{}._domainkey.{}", key.selector, domain.domain.text()),
          RrType::kTxt);
    for (const SigningKey& key : domain.keys) ExamineKey(domain, key, visit);
  }
}

}  // namespace postern
