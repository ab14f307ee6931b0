// Runs a program without a shell and takes what it prints.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "policy/base/result.h"

namespace postern {

// `command` begins with an absolute path. Standard output, at most 1 MiB; its
// errors are dropped. Fails when it cannot be started, ends with another status
// than 0, or takes longer than `patience` (then it is killed).
[[nodiscard]] Result<std::string> RunProgram(
    const std::vector<std::string>& command,
    std::chrono::milliseconds patience);

}  // namespace postern
