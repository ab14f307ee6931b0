// Whether the parts of a configuration agree with each other: what no single
// option can tell.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "policy/config/config.h"
#include "policy/config/toml.h"

namespace postern {

// `places` says where each key stood in config.file. Empty check_ids: any.
[[nodiscard]] Faults Disagreements(
    const Config& config, const std::map<std::string, Position>& places,
    std::span<const std::string_view> check_ids);

}  // namespace postern
