// Keys: which private keys sign for an author, and the keys themselves.
//
// The ring knows every key by name and file; a key is read, tested and kept
// when it is first used. Immutable to its users, shared by all threads.
// OpenSSL's only wrapper for keys is private_key.cc; keys never leave it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"
#include "policy/signing/tables.h"

namespace postern {

enum class KeyAlgorithm { kRsaSha256, kEd25519Sha256 };
[[nodiscard]] std::string_view ToString(KeyAlgorithm algorithm);  // a= value

class PrivateKey {
 public:
  // From PEM. Fails on a key that is not RSA of 1024 to 4096 bits or Ed25519,
  // or that cannot sign.
  [[nodiscard]] static Result<std::shared_ptr<const PrivateKey>> FromPem(
      std::string_view pem);
  // From PEM, or from the Base64 of DER, as opendkim takes them in its tables.
  [[nodiscard]] static Result<std::shared_ptr<const PrivateKey>> FromText(
      std::string_view text);
  // Also refuses a file that others could read or replace: it must belong to
  // root or to us, be closed to everybody and to the group's writing, and
  // stand in folders where nobody else can put another in its place.
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

// A new key as PKCS#8 PEM; bits: 1024 to 4096, of RSA only.
[[nodiscard]] Result<std::string> GeneratePrivateKey(KeyAlgorithm algorithm,
                                                     int bits);

struct KeyInUse {
  Domain domain;  // d=
  std::string selector;
  std::shared_ptr<const PrivateKey> key;
  std::string agent = {};  // i=; empty: none

  // Where its public half is: "s1._domainkey.example.com".
  [[nodiscard]] std::string RecordName() const;
};

// A key that has a name and a place, and may not have been read yet.
struct KeyReference {
  Domain domain;
  std::string selector;
  std::string file;       // its path; empty: the key table has the key itself
  std::string text = {};  // that key
  KeyStage stage = KeyStage::kActive;
  std::string agent = {};
  std::string place = {};  // who names it, for messages
};

// What an author's message is to be signed with.
struct KeyChoice {
  std::vector<KeyInUse> keys;
  std::vector<std::string> faults;  // keys that should sign and cannot
  std::string unsigned_reason;      // why there are none
};

class KeyCache;

// All configured keys, by domain.
class KeyRing {
 public:
  // Reads the tables, but no key. An unusable table or selector refuses the
  // whole ring and names its place.
  [[nodiscard]] static Result<std::shared_ptr<const KeyRing>> Load(
      const SigningConfig& config);
  KeyRing();
  ~KeyRing();
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;

  // The active keys that make DMARC pass for this author, as strictly as can
  // be: those of the domain itself, else those that the signing table names, if
  // they are the domain's; else the nearest parent's that allows subdomains,
  // else what the signing table names, else the fallback domain's.
  [[nodiscard]] KeyChoice KeysFor(std::string_view local_part,
                                  const Domain& author_domain) const;
  // What is done when it leaves unsigned.
  [[nodiscard]] UnsignedMail UnsignedPolicy(const Domain& author_domain) const;

  // Every key of every stage. A row of the key table whose domain or file is
  // the author's is none by itself and left out.
  [[nodiscard]] std::vector<KeyReference> References() const;
  // Reads and tests a key, or takes it from the cache.
  [[nodiscard]] Result<KeyInUse> Open(const KeyReference& reference) const;

 private:
  struct Entry {
    Domain domain;
    bool subdomains;
    std::optional<UnsignedMail> unsigned_mail;
    std::vector<SigningKey> keys;
  };
  [[nodiscard]] Result<void> AddDomains(const SigningConfig& config);
  [[nodiscard]] Result<void> ReadTables(const SigningConfig& config);
  [[nodiscard]] const Entry* Find(const Domain& domain) const;
  // The domain's own entry, else the nearest parent's that allows subdomains;
  // with is_wanted, the first of these that it is true of.
  [[nodiscard]] const Entry* Nearest(const Domain& author_domain,
                                     bool (*is_wanted)(const Entry&)) const;
  [[nodiscard]] std::vector<KeyReference> ActiveKeysOf(
      const Entry* entry) const;
  // What the tables name; a name that they lack is a fault.
  [[nodiscard]] std::vector<KeyReference> Listed(
      std::string_view local_part, const Domain& author_domain,
      std::vector<std::string>* faults) const;
  [[nodiscard]] std::vector<KeyReference> Choose(
      std::string_view local_part, const Domain& author_domain,
      std::vector<std::string>* faults) const;

  std::vector<Entry> entries_;  // sorted by domain
  std::unique_ptr<const KeyTable> key_table_;
  std::unique_ptr<const SigningTable> signing_table_;
  std::string table_folder_;  // relative paths of keys start here
  bool has_multiple_signatures_ = false;
  std::optional<Domain> fallback_domain_;
  UnsignedMail unsigned_mail_ = UnsignedMail::kPass;
  std::unique_ptr<KeyCache> cache_;
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

// What DNS has for a key.
struct PublishedRecord {
  PublishedKey published = PublishedKey::kUnknown;
  std::string fault;        // what does not match, for the operator
  bool is_testing = false;  // t=y
};
// Compares <selector>._domainkey.<domain> with the private key.
[[nodiscard]] PublishedRecord AskPublishedRecord(const KeyInUse& key, Dns& dns,
                                                 Deadline deadline);
[[nodiscard]] PublishedKey AskPublishedKey(const KeyInUse& key, Dns& dns,
                                           Deadline deadline);

}  // namespace postern
