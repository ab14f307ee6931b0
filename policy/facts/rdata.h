// Rdata: the octets of one DNS record, decoded (RFC 1035 s.3.3, RFC 3596).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/facts/dns.h"

namespace postern {

// nullopt: malformed for its type. Names are uncompressed; a dot or backslash
// inside a label comes out escaped, so that it can match no name of ours.
[[nodiscard]] std::optional<DnsRecord> DecodeRdata(RrType type,
                                                   std::string_view octets);

// A name as a resolver reads it: every octet that is no letter, digit, hyphen
// or underscore is written \DDD; dots part the labels.
[[nodiscard]] std::string EscapeName(std::string_view name);

}  // namespace postern
