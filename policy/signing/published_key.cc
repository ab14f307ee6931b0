// Compares what DNS publishes with the private key. "DNS did not answer" is
// kUnknown; a record that is valid but not for our use (another key type, h=
// without sha256, s= without e-mail) is kDiffers.

#include <deque>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/signing/key_record.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

std::string_view KeyType(KeyAlgorithm algorithm) {
  switch (algorithm) {
    case KeyAlgorithm::kRsaSha256:
      return "rsa";
    case KeyAlgorithm::kEd25519Sha256:
      return "ed25519";
  }
  return "";
}

// Why a record that can be read is not for signatures of our key; empty: it is.
std::string Difference(const KeyRecord& record, const PrivateKey& key) {
  const std::string_view type = KeyType(key.algorithm());
  if (record.key_type != type)
    return fmt::format("k={}, our key is {}", EscapeForLog(record.key_type, 20),
                       type);
  if (!record.AllowsSha256()) return "h= is without sha256";
  if (!record.AllowsEmail()) return "s= is without email";
  // RFC 6376 s.3.6.1 names the bare RSAPublicKey, but what is deployed, and all
  // that libopendkim reads, is the SubjectPublicKeyInfo (erratum 3017).
  if (Base64Encode(record.public_key) != key.public_base64())
    return "p= is not the public half of our key";
  return {};
}

PublishedRecord Compare(std::string_view text, const PrivateKey& key) {
  const Result<KeyRecord> record = ParseKeyRecord(text);
  if (!record) return {PublishedKey::kMalformed, record.error().message, false};
  // RFC 6376 s.3.6.1: records of other versions MUST be discarded. A wildcard
  // that publishes SPF reads so.
  if (record->version != "DKIM1")
    return {PublishedKey::kMissing, "the TXT record is no key record", false};
  if (record->public_key.empty())
    return {PublishedKey::kRevoked, "p= is empty", false};
  std::string fault = Difference(*record, key);
  const PublishedKey published =
      fault.empty() ? PublishedKey::kMatches : PublishedKey::kDiffers;
  return {published, std::move(fault), record->IsTesting()};
}

// What Compare said last in this thread: mail after mail is signed with the
// same keys, whose records change once in months.
PublishedRecord CompareAgain(const std::string& text, const PrivateKey& key) {
  struct Compared {
    std::string text, public_half;
    PublishedRecord record;
  };
  constexpr std::size_t kKept = 8;
  static thread_local std::deque<Compared> latest;
  for (const Compared& one : latest)
    if (one.text == text && one.public_half == key.public_base64())
      return one.record;
  if (latest.size() == kKept) latest.pop_front();
  latest.push_back({text, key.public_base64(), Compare(text, key)});
  return latest.back().record;
}

}  // namespace

std::string_view ToString(PublishedKey published) {
  switch (published) {
    case PublishedKey::kMatches:
      return "matches";
    case PublishedKey::kMissing:
      return "missing";
    case PublishedKey::kDiffers:
      return "differs";
    case PublishedKey::kRevoked:
      return "revoked";
    case PublishedKey::kMalformed:
      return "malformed";
    case PublishedKey::kUnknown:
      return "unknown";
  }
  return "";
}

PublishedRecord AskPublishedRecord(const KeyInUse& key, Dns& dns,
                                   Deadline deadline) {
  const DnsAnswer answer = dns.Ask(key.RecordName(), RrType::kTxt, deadline);
  switch (answer.status) {
    case DnsStatus::kTempError:
      return {PublishedKey::kUnknown, "DNS did not answer", false};
    case DnsStatus::kNoData:
      return {PublishedKey::kMissing, "no TXT record", false};
    case DnsStatus::kNxDomain:
      return {PublishedKey::kMissing, "no such name", false};
    case DnsStatus::kOk:
      break;
  }
  // RFC 6376 s.3.6.2.2: with several records the result is undefined.
  if (answer.records.size() != 1)
    return {PublishedKey::kMalformed,
            fmt::format("{} TXT records, must be one", answer.records.size()),
            false};
  return CompareAgain(answer.records.front().value, *key.key);
}

PublishedKey AskPublishedKey(const KeyInUse& key, Dns& dns, Deadline deadline) {
  return AskPublishedRecord(key, dns, deadline).published;
}

}  // namespace postern
