// ZoneLine: one line of a scripted zone, "name [ttl] [IN] TYPE value".
//
// The value of a TXT is quoted as in a master file (several strings; a quote,
// backslash or octet escaped as there) or the unquoted rest of the line.
// TEMPERROR, NXDOMAIN and NODATA stand instead of a value, or instead of type
// and value for every type. A comment begins with "#" or ";" at the start of a
// word. Fails with one sentence.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/facts/dns.h"

namespace postern {

struct ZoneLine {
  std::string name;                   // as QueryName gives it
  std::optional<RrType> type;         // none: every type
  DnsStatus status = DnsStatus::kOk;  // not kOk: said instead of a record
  DnsRecord record;                   // when kOk
  std::chrono::seconds ttl{300};
};

// nullopt: the line is empty or a comment.
[[nodiscard]] Result<std::optional<ZoneLine>> ParseZoneLine(
    std::string_view line);

// The text of a TXT record as a master file has it: strings in quotes, a space
// between (RFC 1035 s.5.1), each of at most 255 octets (s.3.3.14).
[[nodiscard]] std::string QuoteTxt(std::string_view text);

}  // namespace postern
