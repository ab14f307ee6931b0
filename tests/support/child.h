// A program that a test starts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace postern {

// The first word is the program's file. It ends with the test that started it,
// however that ends: a test that dies leaves nobody behind to hold its output
// open. What it prints is added to the log; empty: it prints where we do.
// Returns its process id, and -1 when it cannot be started.
[[nodiscard]] pid_t StartChild(std::vector<std::string> words,
                               const std::string& log = {});

}  // namespace postern
