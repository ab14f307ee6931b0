// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/base/result.h"

namespace postern {

// The octets of a file; "-" is standard input. An error names file and cause.
[[nodiscard]] Result<std::string> ReadInput(const std::string& path);

}  // namespace postern
