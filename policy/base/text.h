// Small text functions that the rooms share. ASCII only, locale-free.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

[[nodiscard]] bool IsDigit(char c);
[[nodiscard]] bool IsAlpha(char c);
[[nodiscard]] bool IsAlnum(char c);
[[nodiscard]] bool IsBlank(char c);  // space or TAB: RFC 5234's WSP
[[nodiscard]] char ToLower(char c);
[[nodiscard]] std::string ToLower(std::string_view text);

[[nodiscard]] bool EqualsIgnoreCase(std::string_view a, std::string_view b);
[[nodiscard]] bool StartsWithIgnoreCase(std::string_view text,
                                        std::string_view prefix);
[[nodiscard]] bool EndsWithIgnoreCase(std::string_view text,
                                      std::string_view suffix);
[[nodiscard]] bool Contains(std::string_view text, std::string_view part);

// Without leading and trailing SP, TAB, CR and LF.
[[nodiscard]] std::string_view Trim(std::string_view text);
// The pieces between separators; the empty text has one empty piece.
[[nodiscard]] std::vector<std::string_view> Split(std::string_view text,
                                                  char separator);
// Whether each of them is so; for what is asked of every name, without a list.
template <typename Predicate>
[[nodiscard]] bool IsEachPiece(std::string_view text, char separator,
                               Predicate is_so) {
  for (;;) {
    const std::size_t end = text.find(separator);
    if (!is_so(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}
[[nodiscard]] std::string Join(std::span<const std::string> parts,
                               std::string_view separator);

[[nodiscard]] std::string Base64Encode(std::string_view octets);
// Ignores white space; nullopt on any other foreign octet or bad padding.
[[nodiscard]] std::optional<std::string> Base64Decode(std::string_view text);

// Foreign text made safe for a log line or a terminal: no control characters,
// quotes and backslashes escaped, at most max_bytes (then "..." follows).
[[nodiscard]] std::string EscapeForLog(std::string_view text,
                                       std::size_t max_bytes = 200);

// How many edits and swaps of neighbours make one of the other (optimal string
// alignment).
[[nodiscard]] std::size_t EditDistance(std::string_view a, std::string_view b);
// The candidate that is most probably meant by a mistyped word, if any is near.
[[nodiscard]] std::optional<std::string> NearestName(
    std::string_view word, std::span<const std::string> candidates);

// An unguessable name of 16 octets in lower-case hexadecimal.
[[nodiscard]] std::string RandomId();

}  // namespace postern
