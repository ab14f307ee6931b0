// Foreign text for a terminal: nothing in it can move the cursor.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace postern {

// Printable ASCII and UTF-8 letters as they are; control characters (those of
// Unicode too) and what is no UTF-8 as \xNN. TAB becomes a space.
[[nodiscard]] std::string TerminalText(std::string_view text);

// The same of several lines; CR before LF is dropped.
[[nodiscard]] std::string TerminalLines(std::string_view text,
                                        std::string_view indent);

// Words broken into lines of 80 columns. The first begins with the indent, the
// others with as many spaces.
[[nodiscard]] std::string Wrapped(std::string_view indent,
                                  std::string_view text);

// Exactly that many characters: cut (then it ends in "~") or padded.
[[nodiscard]] std::string Column(std::string_view text, std::size_t width);

}  // namespace postern
