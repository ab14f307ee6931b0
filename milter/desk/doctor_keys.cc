// Every signing key: can be used, is published, matches.

#include <algorithm>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/facts/zone_line.h"
#include "policy/signing/key_record.h"

namespace postern {
namespace {

// RFC 8301 s.3.2: signers SHOULD use at least 2048 bits.
constexpr int kStrongRsaBits = 2048;

std::string RecordToPublish(const KeyInUse& key) {
  const bool is_rsa = key.key->algorithm() == KeyAlgorithm::kRsaSha256;
  return fmt::format(
      "publish: {}. TXT {}", key.RecordName(),
      QuoteTxt(fmt::format("v=DKIM1; k={}; p={}", is_rsa ? "rsa" : "ed25519",
                           key.key->public_base64())));
}

Examined Judged(const KeyInUse& key, PublishedKey published) {
  Examined examined{"dkim-key", key.RecordName(), Health::kFail, "",
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
      visit->dns.Ask(key.RecordName(), RrType::kTxt, visit->Soon());
  if (answer.records.size() != 1) return;
  const Result<KeyRecord> record = ParseKeyRecord(answer.records.front().value);
  if (!record || std::ranges::find(record->flags, "y") == record->flags.end())
    return;
  visit->Add({"dkim-testing", key.RecordName(), Health::kWarn,
              "published with t=y: verifiers treat the mail as unsigned",
              "remove t=y from the record once mail arrives signed"});
}

std::string PlaceOf(const KeyReference& key) {
  return key.file.empty() ? key.place : key.file;
}

// How a key that does not sign changes what is wrong with its record.
void AllowForStage(KeyStage stage, Examined* examined) {
  if (stage == KeyStage::kPending && examined->outcome == Health::kOk)
    examined->detail += "; pending: it may become active";
  if (stage == KeyStage::kPending && examined->outcome == Health::kFail)
    examined->outcome = Health::kWarn;
  if (stage == KeyStage::kRetiring && examined->outcome == Health::kFail) {
    examined->outcome = Health::kWarn;
    examined->detail += "; mail under way that it signed needs the record";
  }
}

void ExamineStrength(const KeyReference& reference, const PrivateKey& key,
                     Visit* visit) {
  const bool is_rsa = key.algorithm() == KeyAlgorithm::kRsaSha256;
  if (!is_rsa || key.bits() >= kStrongRsaBits) return;
  visit->Add(
      {"key-strength", PlaceOf(reference), Health::kWarn,
       fmt::format("RSA of {} bits; 2048 are expected (RFC 8301)", key.bits()),
       "make a new one: postern keygen " + reference.domain.text()});
}

void ExamineKey(const KeyRing& ring, const KeyReference& reference,
                Visit* visit) {
  const Result<KeyInUse> key = ring.Open(reference);
  if (!key) {
    visit->Add({"key-file", PlaceOf(reference), Health::kFail,
                key.error().message,
                "chown root:postern " + PlaceOf(reference) + " && chmod 640 " +
                    PlaceOf(reference) + "; make one with: postern keygen " +
                    reference.domain.text()});
    return;
  }
  visit->Add({"key-file", PlaceOf(reference), Health::kOk,
              fmt::format("{}, {} bits", ToString(key->key->algorithm()),
                          key->key->bits()),
              ""});
  ExamineStrength(reference, *key->key, visit);
  Examined published =
      Judged(*key, AskPublishedKey(*key, visit->dns, visit->Soon()));
  AllowForStage(reference.stage, &published);
  visit->Add(std::move(published));
  ExamineFlags(*key, visit);
}

void ReportNoKeys(const SigningConfig& signing, Visit* visit) {
  visit->Add(
      {"signing", "dkim", Health::kWarn,
       signing.enabled ? "no domain is signed for" : "signing.enabled is false",
       "unless another program signs after Postern, make keys: postern "
       "keygen DOMAIN"});
}

}  // namespace

void ExamineKeys(Visit* visit) {
  const SigningConfig& signing = visit->config.signing;
  const auto ring = KeyRing::Load(signing);
  if (!ring) {
    visit->Add({"signing", "dkim", Health::kFail, ring.error().message,
                "correct the line that is named"});
    return;
  }
  std::vector<KeyReference> keys = (*ring)->References();
  std::erase_if(keys, [](const KeyReference& key) {
    return key.stage == KeyStage::kRetired;
  });
  if (!signing.enabled || keys.empty()) return ReportNoKeys(signing, visit);
  for (const KeyReference& key : keys)
    visit->dns.Prefetch(
        fmt::format("{}._domainkey.{}", key.selector, key.domain.text()),
        RrType::kTxt);
  for (const KeyReference& key : keys) ExamineKey(**ring, key, visit);
}

}  // namespace postern
