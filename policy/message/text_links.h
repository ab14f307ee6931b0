// Links of plain text, no more than there is time for.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "policy/message/links.h"

namespace postern {

// As LinksOfText, the first so many.
[[nodiscard]] std::vector<Link> FirstLinksOfText(std::string_view text,
                                                 std::size_t most);

}  // namespace postern
