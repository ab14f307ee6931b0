// Secret files: one secret a line, the newest first. Empty lines and lines that
// begin with "#" are skipped.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/base/result.h"

namespace postern {

// Refuses a file that others than its owner and group may read, one without a
// secret, and secrets that can be guessed (under 16 octets). The Error names
// the file and what to do.
[[nodiscard]] Result<std::vector<std::string>> ReadSecretFile(
    const std::string& path);

}  // namespace postern
