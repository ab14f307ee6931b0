// URLs that become others wherever a text has them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postern {

// What is there, and what comes.
using Replacements = std::vector<std::pair<std::string, std::string>>;

// Longest first, for one URL may begin another; each once.
void SortReplacements(Replacements* replacements);

// In HTML each is sought with references and without, and comes with them.
// Only what is no part of a longer URL or name is replaced.
enum class Markup { kPlain, kHtml };
[[nodiscard]] std::string Replaced(std::string text, const Replacements& wanted,
                                   Markup markup);

// May be put into text as it is: nothing that ends a URL there.
[[nodiscard]] bool IsPlainUrl(std::string_view url);

}  // namespace postern
