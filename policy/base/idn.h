// Idn: the wrapper of libidn2. Nothing else includes it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern {

// The A-label form of a name with U-labels (UTF-8); nullopt where IDNA 2008
// with UTS 46 mapping refuses it. Thread-safe.
[[nodiscard]] std::optional<std::string> ToALabels(std::string_view utf8);

}  // namespace postern
