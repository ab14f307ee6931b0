// The log: where spdlog writes, how a line looks, from which level on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/base/result.h"
#include "policy/config/config.h"

namespace postern {

// Replaces the program's log. Also reopens a file that was rotated. On failure
// the former log stays. Main thread only.
[[nodiscard]] Result<void> SetUpLog(const Config& config);
// Until then, and in every other subcommand: standard output is for results.
void LogToStandardError();

}  // namespace postern
