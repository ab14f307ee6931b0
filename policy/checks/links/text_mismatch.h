// Links whose visible text reads as one site and that lead to another.
//
// Sites are compared by registrable domain. Links to the author's own site or a
// declared tracking domain, and those whose text names the author's site, are
// click tracking and exempt.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "policy/facts/facts.h"

namespace postern {

struct TextMismatch {
  std::string shown = {};  // the host that the text names
  // Where the link leads in the end, as far as it is known: a gateway's or a
  // redirector's URL says it, a shortener said it.
  std::string host, url;
};

// Of one link; the index is that in facts.links. nullopt: its text is true, or
// names no site.
[[nodiscard]] std::optional<TextMismatch> TextMismatchOf(const Facts& facts,
                                                         std::size_t index);

}  // namespace postern
