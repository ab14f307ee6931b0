// Folding of header fields (RFC 5322 s.2.1.1 and s.2.2.3).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

// The text folded (LF + white space, without the leading space) so that the
// field's lines, "name: " included, keep to the limit where a space allows it;
// white space inside of quotes is used only when nothing else serves. It
// unfolds to the same text. nullopt: some line would exceed 998 octets.
[[nodiscard]] std::optional<std::string> FoldValue(
    std::string_view name, std::string_view unfolded_value,
    std::size_t limit = 78);

}  // namespace postern
