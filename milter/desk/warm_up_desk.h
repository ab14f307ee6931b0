// postern limits warm-ups|warm-up: how far each warm-up is, and one that begins
// by hand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "milter/desk/limits_call.h"

namespace postern {

// Both return the exit status.
[[nodiscard]] int ShowWarmUps(const LimitsDesk& desk);
// options.rule names it, options.key one of its ways out or domains (empty: all
// of them), options.receiver a receiver (empty: all).
[[nodiscard]] int StartWarmUp(const LimitsDesk& desk);

}  // namespace postern
