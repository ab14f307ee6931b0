// Charset: text of a declared charset as UTF-8. The wrapper of iconv.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

[[nodiscard]] bool IsAscii(std::string_view text);
[[nodiscard]] bool IsUtf8(std::string_view text);

// True for the charsets that ToUtf8 converts. A list of our own: a name from
// the network is never given to iconv unseen.
[[nodiscard]] bool IsKnownCharset(std::string_view charset);

// What cannot be converted becomes U+FFFD. Without a charset, or with an
// unknown one, UTF-8 is kept and other octets that are not ASCII are replaced.
[[nodiscard]] std::string ToUtf8(std::string octets, std::string_view charset);

}  // namespace postern
