// Compares what DNS publishes with the private key. "DNS did not answer" is
// kUnknown; a record that is valid but not for our use (another key type, h=
// without sha256, s= without e-mail) is kDiffers.

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

PublishedKey Compare(std::string_view text, const PrivateKey& key) {
  const Result<KeyRecord> record = ParseKeyRecord(text);
  if (!record) return PublishedKey::kMalformed;
  // RFC 6376 s.3.6.1: records of other versions MUST be discarded. A wildcard
  // that publishes SPF reads so.
  if (record->version != "DKIM1") return PublishedKey::kMissing;
  if (record->public_key.empty()) return PublishedKey::kRevoked;
  if (!record->AllowsSha256() || !record->AllowsEmail() ||
      record->key_type != KeyType(key.algorithm()))
    return PublishedKey::kDiffers;
  // RFC 6376 s.3.6.1 names the bare RSAPublicKey, but what is deployed, and all
  // that libopendkim reads, is the SubjectPublicKeyInfo (erratum 3017).
  return Base64Encode(record->public_key) == key.public_base64()
             ? PublishedKey::kMatches
             : PublishedKey::kDiffers;
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

PublishedKey AskPublishedKey(const KeyInUse& key, Dns& dns, Deadline deadline) {
  const DnsAnswer answer =
      dns.Ask(fmt::format("{}._domainkey.{}", key.selector, key.domain.text()),
              RrType::kTxt, deadline);
  switch (answer.status) {
    case DnsStatus::kTempError:
      return PublishedKey::kUnknown;
    case DnsStatus::kNoData:
    case DnsStatus::kNxDomain:
      return PublishedKey::kMissing;
    case DnsStatus::kOk:
      break;
  }
  // RFC 6376 s.3.6.2.2: with several records the result is undefined.
  if (answer.records.size() != 1) return PublishedKey::kMalformed;
  return Compare(answer.records.front().value, *key.key);
}

}  // namespace postern
