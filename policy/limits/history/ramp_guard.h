// The ramp guard: receivers distrust a sender whose volume jumps (rule V03;
// Gmail: "avoid introducing sudden volume spikes if you do not have a history
// of sending large volumes"). Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "policy/limits/history/history.h"

namespace postern {

struct RampOptions {
  std::int64_t factor = 5;
  std::int64_t at_least = 1'000;  // recipients a day; less startles nobody
  int days_needed = 7;            // with mail, before there is a typical day
};

struct Ramp {
  std::int64_t today = 0;
  std::int64_t typical = 0;  // the median of the days with mail
  std::string detail;        // the numbers in words
};

// None: today is within what is usual, or nothing is usual yet.
[[nodiscard]] std::optional<Ramp> JudgeRamp(const History::Habits& habits,
                                            const RampOptions& options);

}  // namespace postern
