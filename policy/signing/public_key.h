// PublicKey: the other half of a signature, as DNS publishes it.
//
// With private_key.cc the only wrapper of OpenSSL's signatures. Immutable;
// copies share the key; any thread may verify.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "policy/base/result.h"
#include "policy/signing/key_record.h"
#include "policy/signing/keys.h"

namespace postern {

class PublicKey {
 public:
  // Or why a signature of this algorithm cannot be verified with the record:
  // revoked, for another use, of another type, not a key, or RSA of under 1024
  // (RFC 8301 s.3.2) or over 8192 bits.
  [[nodiscard]] static Result<PublicKey> FromRecord(const KeyRecord& record,
                                                    KeyAlgorithm algorithm);

  // The counterpart of PrivateKey::Sign.
  [[nodiscard]] bool Verify(std::string_view signed_octets,
                            std::string_view signature) const;

 private:
  struct Parsed;
  explicit PublicKey(std::shared_ptr<const Parsed> parsed);
  std::shared_ptr<const Parsed> parsed_;
};

}  // namespace postern
