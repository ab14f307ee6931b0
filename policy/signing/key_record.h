// Key records: what <selector>._domainkey.<domain> publishes (RFC 6376
// s.3.6.1).
//
// Unknown tags are ignored; a doubled tag, a missing p= or one that is not
// Base64 make the record malformed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace postern {

struct KeyRecord {
  // Anything but "DKIM1" is another kind of record, of which nothing else has
  // been read.
  std::string version = "DKIM1";
  std::string key_type = "rsa";       // k=
  std::vector<std::string> hashes;    // h=; empty: all
  std::vector<std::string> services;  // s=; empty: all
  std::vector<std::string> flags;     // t=
  std::string public_key;             // p=, octets; empty: revoked

  [[nodiscard]] bool AllowsSha256() const;
  [[nodiscard]] bool AllowsEmail() const;
  // t=y: verifiers are to treat the message as if it were not signed.
  [[nodiscard]] bool IsTesting() const;
};

// Or what is wrong with it, for the operator.
[[nodiscard]] Result<KeyRecord> ParseKeyRecord(std::string_view text);

}  // namespace postern
