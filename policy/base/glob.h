// Globs: '*' stands for any octets, also none; every other octet for itself.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace postern {

enum class LetterCase { kCounts, kIgnored };

// Goes back to the last '*' only: the work is bounded by the product of the
// lengths.
[[nodiscard]] bool MatchesGlob(std::string_view text, std::string_view glob,
                               LetterCase letters = LetterCase::kCounts);

}  // namespace postern
