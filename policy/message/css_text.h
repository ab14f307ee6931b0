// The text of CSS (CSS Syntax 3 s.4): its comments and escapes undone.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// Has neither comments nor escapes.
[[nodiscard]] bool IsPlainCss(std::string_view css);
// Without comments, escapes resolved.
[[nodiscard]] std::string WithoutCssTricks(std::string_view css);

}  // namespace postern
