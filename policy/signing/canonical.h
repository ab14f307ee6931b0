// Relaxed canonicalization (RFC 6376 s.3.4.2, s.3.4.4).
//
// Works on the octets of the wire: only CRLF ends a line of the body. A bare CR
// or LF is an ordinary octet here, as the RFC has it; whoever signs makes sure
// that none is left, because MTAs change them on the way.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// "name:value" without the closing CRLF. Folds in the value are LF or CRLF
// before white space.
[[nodiscard]] std::string RelaxedField(std::string_view name,
                                       std::string_view value);

// The SHA-256 of the relaxed body, 32 octets; empty when OpenSSL refuses.
[[nodiscard]] std::string RelaxedBodyHash(std::string_view body);

}  // namespace postern
