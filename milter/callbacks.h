// The callbacks: where libmilter, which is C, enters the program.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "milter/door.h"
#include "policy/base/result.h"

namespace postern {

// Hands libmilter the callbacks. Once per process; the door is used until the
// process ends.
[[nodiscard]] Result<void> RegisterCallbacks(const Door& door);

}  // namespace postern
