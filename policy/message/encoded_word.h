// Encoded-words (RFC 2047): text beyond ASCII in header fields, read as mail
// readers do with every deviation named, and written anew.
//
// Pure functions; bounded: at most kMaxEncodedBytes of a value are looked at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

inline constexpr std::size_t kMaxEncodedBytes = 64 * 1024;

struct EncodedText {
  bool has_words = false;
  std::string text;  // decoded, UTF-8
  // Why some reader cannot decode it (unknown charset, broken base64), and what
  // readers take although the RFC forbids it; empty: neither.
  std::string fault, irregularity;
};

// An unstructured value or a phrase, unfolded. Octets outside of encoded-words
// are kept: UTF-8, or else taken for windows-1252.
[[nodiscard]] EncodedText ReadEncodedText(std::string_view value);

// The text in ASCII: as it is where that can be, else with encoded-words from
// the first word that needs it to the last. Reads back as the same text.
[[nodiscard]] std::string WriteEncodedText(std::string_view utf8);

// A display name: atoms, a quoted string or encoded-words (RFC 2047 s.5 (3)).
[[nodiscard]] std::string WriteEncodedPhrase(std::string_view utf8);

}  // namespace postern
