// Text as the reader sees it, and what is done to it so that filters see
// something else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

// Text with its white space folded as browsers fold it; blocks part lines.
class FoldedText {
 public:
  void Add(std::string_view text);
  // The next word does not touch the last one.
  void Space() {
    if (pending_ == '\0') pending_ = ' ';
  }
  void Line() { pending_ = '\n'; }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  std::string text_;
  char pending_ = '\0';  // white space that the next word brings out
};

// How many characters of UTF-8 text show: neither space nor of no width.
[[nodiscard]] std::size_t CountShown(std::string_view text);

// Words written so that a reader sees one thing and a machine another.
struct Obfuscation {
  std::size_t words = 0;       // of letters
  std::size_t split = 0;       // Latin words with characters of no width inside
  std::size_t mixed = 0;       // Latin letters beside Cyrillic or Greek ones
  std::size_t overridden = 0;  // direction overrides (U+202D, U+202E)
  std::string sample;          // the first such word, as written

  bool operator==(const Obfuscation&) const = default;
  void Add(const Obfuscation& other);
  [[nodiscard]] std::size_t total() const { return split + mixed + overridden; }
};
[[nodiscard]] Obfuscation ObfuscationOf(std::string_view text);

}  // namespace postern
