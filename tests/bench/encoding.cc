// Transfer encodings. Every octet string can be encoded; nothing fails.
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/encoding.h"

#include <cstdint>

namespace postern {
namespace {

constexpr std::size_t kColumns = 76;

std::string Escaped(char c) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  const auto octet = static_cast<unsigned char>(c);
  const bool is_plain = (octet >= 33 && octet <= 126 && c != '=') || c == ' ';
  if (is_plain) return {c};
  return {'=', kHex[octet >> 4], kHex[octet & 15]};
}

}  // namespace

std::string QuotedPrintable(std::string_view text) {
  std::string encoded;
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ends_line = text.substr(i, 2) == "\r\n";
    if (ends_line) {
      encoded += "\r\n";
      column = 0;
      ++i;
      continue;
    }
    const bool is_last = text.substr(i + 1, 2) == "\r\n";
    const std::string octet =
        text[i] == ' ' && is_last ? "=20" : Escaped(text[i]);
    if (column + octet.size() >= kColumns) {
      encoded += "=\r\n";
      column = 0;
    }
    encoded += octet;
    column += octet.size();
  }
  return encoded;
}

std::string Base64(std::string_view octets) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      const bool is_there = i + k < octets.size();
      group = group << 8 |
              (is_there ? static_cast<unsigned char>(octets[i + k]) : 0U);
    }
    for (int shift = 18; shift >= 0; shift -= 6) {
      encoded += kAlphabet[group >> shift & 63];
    }
    if ((i / 3) % 19 == 18) encoded += "\r\n";
  }
  const std::size_t padding = (3 - octets.size() % 3) % 3;
  if (padding == 0) return encoded;
  const bool ends_line = encoded.ends_with("\r\n");
  if (ends_line) encoded.resize(encoded.size() - 2);
  return encoded.replace(encoded.size() - padding, padding, padding, '=');
}

std::string Ascii(std::string_view text) {
  std::string ascii;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 128) ascii += c;
  }
  return ascii;
}

}  // namespace postern
