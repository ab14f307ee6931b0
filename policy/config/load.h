// Loading the operator's file into a Config.
//
// The whole file is judged: an error holds every fault, a line each, as
// "postern.toml:12:8: limits[0].rates: not a rate: ...". Key files are named
// only; KeyRing reads them.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/config/config.h"

namespace postern {

// check_ids: those that `checks.<check>` may name; empty: any.
[[nodiscard]] Result<Config> LoadConfig(
    const std::string& file, std::span<const std::string_view> check_ids);
// Relative paths in the text are relative to the folder of file_name.
[[nodiscard]] Result<Config> ParseConfig(
    std::string_view text, const std::string& file_name,
    std::span<const std::string_view> check_ids);
// What holds without a file, with the built-in receivers and lists.
[[nodiscard]] Config DefaultConfig();

}  // namespace postern
