#include "policy/signing/public_key.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string>
#include <utility>

#include "policy/base/call_free.h"
#include "policy/base/sha256.h"

namespace postern {
namespace {

using Pkey = std::unique_ptr<EVP_PKEY, CallFree<EVP_PKEY_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, CallFree<EVP_MD_CTX_free>>;

constexpr int kMinRsaBits = 1024;  // RFC 8301 s.3.2
constexpr int kMaxRsaBits = 8192;
constexpr std::size_t kEd25519Octets = 32;

const unsigned char* Octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// What is deployed is the SubjectPublicKeyInfo; RFC 6376 s.3.6.1 names the bare
// RSAPublicKey (erratum 3017).
Pkey ReadRsa(std::string_view der) {
  const auto size = static_cast<long>(der.size());
  const unsigned char* cursor = Octets(der);
  Pkey pkey(d2i_PUBKEY(nullptr, &cursor, size));
  if (pkey) return pkey;
  cursor = Octets(der);
  return Pkey(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &cursor, size));
}

Pkey ReadEd25519(std::string_view octets) {
  if (octets.size() != kEd25519Octets) return nullptr;
  return Pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr,
                                          Octets(octets), octets.size()));
}

}  // namespace

struct PublicKey::Parsed {
  Pkey pkey;
  KeyAlgorithm algorithm;
};

PublicKey::PublicKey(std::shared_ptr<const Parsed> parsed)
    : parsed_(std::move(parsed)) {}

Result<PublicKey> PublicKey::FromRecord(const KeyRecord& record,
                                        KeyAlgorithm algorithm) {
  const bool is_rsa = algorithm == KeyAlgorithm::kRsaSha256;
  if (record.version != "DKIM1") return Fail("not a DKIM key record");
  if (record.public_key.empty()) return Fail("the key is revoked");
  if (record.key_type != (is_rsa ? "rsa" : "ed25519"))
    return Fail("the key is of another type");
  if (!record.AllowsSha256() || !record.AllowsEmail())
    return Fail("the key is for another use");
  Pkey pkey =
      is_rsa ? ReadRsa(record.public_key) : ReadEd25519(record.public_key);
  if (!pkey) return Fail("p= is not a public key");
  const int bits = EVP_PKEY_get_bits(pkey.get());
  if (is_rsa && (EVP_PKEY_get_id(pkey.get()) != EVP_PKEY_RSA ||
                 bits < kMinRsaBits || bits > kMaxRsaBits))
    return Fail("not an RSA key of 1024 to 8192 bits");
  return PublicKey(
      std::make_shared<const Parsed>(Parsed{std::move(pkey), algorithm}));
}

bool PublicKey::Verify(std::string_view signed_octets,
                       std::string_view signature) const {
  const bool is_rsa = parsed_->algorithm == KeyAlgorithm::kRsaSha256;
  // RFC 8463 s.3: PureEdDSA over the SHA-256 hash.
  const std::string hash = is_rsa ? std::string() : Sha256Of(signed_octets);
  const std::string_view octets = is_rsa ? signed_octets : hash;
  const DigestContext context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr,
                              is_rsa ? EVP_sha256() : nullptr, nullptr,
                              parsed_->pkey.get()) == 1 &&
         EVP_DigestVerify(context.get(), Octets(signature), signature.size(),
                          Octets(octets), octets.size()) == 1;
}

}  // namespace postern
