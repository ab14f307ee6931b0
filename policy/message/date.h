// Date syntax of RFC 5322 s.3.3 and its obsolete zones (s.4.3).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/result.h"

namespace postern {

// The moment a Date value names, or in words what is wrong with it (bad zone,
// a weekday that is not that day's, hour 24).
[[nodiscard]] Result<TimePoint> ParseDate(std::string_view value);

// "Sat, 21 Nov 2026 19:54:00 +0000"
[[nodiscard]] std::string FormatDate(TimePoint time);

}  // namespace postern
