// Idn: internationalized names by ICU (UTS 46, nontransitional), as browsers
// read them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace postern {

// The A-label form of a name with U-labels (UTF-8), lower case; nullopt where
// UTS 46 refuses it, also A-labels that are none ("xn--a"). Lengths, hyphens
// and empty labels are not its business. Thread-safe.
[[nodiscard]] std::optional<std::string> ToALabels(std::string_view utf8);

// The name with its A-labels shown as U-labels, UTF-8; nullopt as above.
[[nodiscard]] std::optional<std::string> ToULabels(std::string_view name);

}  // namespace postern
