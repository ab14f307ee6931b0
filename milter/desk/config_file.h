// The operator's configuration as every subcommand reads it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "policy/config/config.h"

namespace postern {

constexpr std::string_view kConfigFile = "/etc/postern/postern.toml";

// The configuration; or, once its faults are on standard error, the exit
// status: 1 it has faults, 2 it cannot be read.
[[nodiscard]] std::expected<Config, int> ReadOrReport(const std::string& file);

}  // namespace postern
