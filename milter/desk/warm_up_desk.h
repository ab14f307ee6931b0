// postern limits warm-ups|warm-up: how far each warm-up is, and one that begins
// or pauses by hand.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "milter/desk/limits_call.h"

namespace postern {

// Both return the exit status.
[[nodiscard]] int ShowWarmUps(const LimitsDesk& desk);
// options.rule names it; options.words one of its ways out or domains, else all
// of them, and "pause" with a time to let it stand still; options.receiver a
// receiver (empty: all).
[[nodiscard]] int StartWarmUp(const LimitsDesk& desk);

}  // namespace postern
