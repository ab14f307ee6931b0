// The links that gumbo's tree has, for comparison with ours. Test only.
//
// Gumbo runs in an arena with a budget of octets and time (its cost is
// quadratic on hostile input); over it, it is dropped and nothing is known.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// The values of every attribute that leads somewhere, references read, trimmed,
// without TAB, CR and LF; nullopt: over budget.
[[nodiscard]] std::optional<std::vector<std::string>> GumboLinks(
    std::string_view html);

}  // namespace postern
