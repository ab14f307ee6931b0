// SpfRecord: the grammar of an SPF record (RFC 7208 s.4.6.1 and s.12). Macros
// are checked here and expanded when their term is reached.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/ip_address.h"
#include "policy/base/result.h"

namespace postern {

enum class SpfMechanism {
  kAll,
  kInclude,
  kA,
  kMx,
  kPtr,
  kIp4,
  kIp6,
  kExists,
};

struct SpfTerm {
  SpfMechanism mechanism = SpfMechanism::kAll;
  char qualifier = '+';
  std::string domain_spec;  // empty: the domain of the record
  int v4_bits = 32;         // a, mx
  int v6_bits = 128;
  // ip4, ip6. None: a block of IPv4-mapped ip6, which no client is inside of.
  std::optional<IpNetwork> network;
  std::string text;  // as it stands in the record
};

struct SpfRecord {
  std::vector<SpfTerm> terms;
  std::optional<std::string> redirect;  // domain-specs
  std::optional<std::string> explanation;
};

// Whether the term passes everybody, or more than an IPv4 /8 or an IPv6 /16.
[[nodiscard]] bool IsTooPermissive(const SpfTerm& term);

// Whether a TXT claims to be an SPF record of version 1 (s.4.5).
[[nodiscard]] bool IsSpfRecord(std::string_view txt);

// An IsSpfRecord text. The error is what makes the result permerror.
[[nodiscard]] Result<SpfRecord> ParseSpfRecord(std::string_view txt);

}  // namespace postern
