// Header fields as they go over the wire.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace postern {

// Whether the value can reach a receiver as it is: no NUL, no bare CR, and
// every line break is a fold (LF or CRLF, then a blank).
[[nodiscard]] bool IsConveyable(std::string_view value);

// "name:value", folds as CRLF, without the closing CRLF.
[[nodiscard]] std::string WireField(std::string_view name,
                                    std::string_view value);

}  // namespace postern
