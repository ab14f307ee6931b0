// How much MIME structure receivers take.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace postern {

[[nodiscard]] inline bool IsExchange(std::string_view receiver) {
  return receiver == "m365" || receiver == "outlook";
}

// The first number of levels that is refused: Exchange's 30; Postfix takes 100
// (mime_nesting_limit).
[[nodiscard]] inline std::size_t MimeDepthLimit(std::string_view receiver) {
  return IsExchange(receiver) ? 30 : 101;
}

// The most parts that are taken: Exchange's 250, Haraka's 1,000.
[[nodiscard]] inline std::size_t MimePartLimit(std::string_view receiver) {
  return IsExchange(receiver) ? 250 : 1000;
}

}  // namespace postern
