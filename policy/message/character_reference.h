// HTML character references (WHATWG HTML s.13.2.5.72 ff.), all of them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

enum class ReferencePlace { kText, kAttribute };

[[nodiscard]] std::string DecodeReferences(std::string_view html,
                                           ReferencePlace place);

// The UTF-8 form of a code point; U+FFFD for what is none.
[[nodiscard]] std::string Utf8Of(unsigned long code_point);

}  // namespace postern
