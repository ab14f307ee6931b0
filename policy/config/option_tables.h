// The table of options in its parts, each in the order of postern.toml.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "policy/config/options.h"

namespace postern {

[[nodiscard]] std::span<const Option> ServiceOptions();
[[nodiscard]] std::span<const Option> IdentityOptions();
[[nodiscard]] std::span<const Option> PolicyOptions();
[[nodiscard]] std::span<const Option> LimitOptions();
[[nodiscard]] std::span<const Option> StreamOptions();
[[nodiscard]] std::span<const Option> ContentOptions();
[[nodiscard]] std::span<const Option> MendingOptions();
[[nodiscard]] std::span<const Option> AttachmentOptions();
[[nodiscard]] std::span<const Option> LinksOptions();

}  // namespace postern
