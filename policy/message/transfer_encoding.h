// Content-Transfer-Encoding (RFC 2045 s.6): base64 and quoted-printable.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

// As mail readers decode: foreign octets in base64 and bad escapes in
// quoted-printable are tolerated; other encodings are the identity. At most
// max_bytes.
[[nodiscard]] std::string DecodeTransfer(std::string_view raw,
                                         std::string_view encoding,
                                         std::size_t max_bytes);

// Lines of at most 76 octets, ended by CRLF; "From " and "." at the start of a
// line are escaped. Line ends of the text are CRLF already; a CR or LF alone is
// escaped.
[[nodiscard]] std::string EncodeQuotedPrintable(std::string_view text);
// Lines of 76 octets, CRLF between them.
[[nodiscard]] std::string EncodeBase64Lines(std::string_view octets);

// Every line end, bare CR and bare LF included, as CRLF.
[[nodiscard]] std::string ToCrlf(std::string_view text);

}  // namespace postern
