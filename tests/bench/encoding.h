// Transfer encodings as a mail client writes them; and plain ASCII.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// RFC 2045 s.6.7, lines of 76 at most; CRLF stays a line's end.
[[nodiscard]] std::string QuotedPrintable(std::string_view text);
// RFC 2045 s.6.8, lines of 76.
[[nodiscard]] std::string Base64(std::string_view octets);
// Without the octets above 127.
[[nodiscard]] std::string Ascii(std::string_view text);

}  // namespace postern
