// Octets as lower-case hexadecimal digits, and the comparison of secrets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

[[nodiscard]] inline std::string ToHexadecimal(std::string_view octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    text += kDigits[octet >> 4];
    text += kDigits[octet & 15];
  }
  return text;
}

// Takes the same time wherever texts of the same length differ.
[[nodiscard]] inline bool IsSameSecret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference = static_cast<unsigned char>(
        difference | static_cast<unsigned char>(a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace postern
