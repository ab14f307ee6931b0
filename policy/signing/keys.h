// Keys: the private keys we sign with, parsed and test-signed once.
//
// Immutable after loading; shared by all threads. OpenSSL's only wrapper for
// signatures is private_key.cc; keys never leave it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

enum class KeyAlgorithm { kRsaSha256, kEd25519Sha256 };
[[nodiscard]] std::string_view ToString(KeyAlgorithm algorithm);  // a= value

class PrivateKey {
 public:
  // From PEM. Fails on a key that is not RSA of 1024 to 4096 bits or Ed25519,
  // or that cannot sign.
  [[nodiscard]] static Result<std::shared_ptr<const PrivateKey>> FromPem(
      std::string_view pem);
  // Also refuses a file that others than its owner and group may read.
  [[nodiscard]] static Result<std::shared_ptr<const PrivateKey>> FromFile(
      const std::string& path);
  ~PrivateKey();
  PrivateKey(const PrivateKey&) = delete;
  PrivateKey& operator=(const PrivateKey&) = delete;

  [[nodiscard]] KeyAlgorithm algorithm() const;
  [[nodiscard]] int bits() const;
  // The p= value of its public half (RFC 6376 s.3.6.1, RFC 8463 s.4.2).
  [[nodiscard]] const std::string& public_base64() const;
  // RSASSA-PKCS1-v1_5 over SHA-256, or Ed25519 over the SHA-256 digest
  // (RFC 8463 s.3). Empty when OpenSSL refuses.
  [[nodiscard]] std::string Sign(std::string_view signed_octets) const;

 private:
  struct Parsed;
  explicit PrivateKey(std::unique_ptr<Parsed> parsed);
  std::unique_ptr<Parsed> parsed_;
};

struct KeyInUse {
  Domain domain;  // d=
  std::string selector;
  std::shared_ptr<const PrivateKey> key;
};

// All configured keys, by domain.
class KeyRing {
 public:
  // Every file is read and test-signed; one bad key refuses the whole ring and
  // names domain, selector and file.
  [[nodiscard]] static Result<std::shared_ptr<const KeyRing>> Load(
      const SigningConfig& config);

  // The keys that make DMARC pass for this author domain, aligned as strictly
  // as can be: its own, else the nearest parent's that allows subdomains.
  [[nodiscard]] std::vector<KeyInUse> KeysFor(
      const Domain& author_domain) const;
  [[nodiscard]] const std::vector<KeyInUse>& all() const { return all_; }

 private:
  struct Entry {
    Domain domain;
    bool subdomains;
    std::vector<KeyInUse> keys;
  };
  std::vector<Entry> entries_;  // sorted by domain
  std::vector<KeyInUse> all_;
};

enum class PublishedKey {
  kMatches,
  kMissing,    // NXDOMAIN, NODATA, or no key record
  kDiffers,    // p= is not the public half of our key, or k= is another type
  kRevoked,    // p= is empty
  kMalformed,  // not a key record by RFC 6376 s.3.6.1
  kUnknown,    // DNS did not answer
};
[[nodiscard]] std::string_view ToString(PublishedKey published);
// Compares <selector>._domainkey.<domain> with the private key.
[[nodiscard]] PublishedKey AskPublishedKey(const KeyInUse& key, Dns& dns,
                                           Deadline deadline);

}  // namespace postern
