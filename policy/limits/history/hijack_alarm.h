// The hijack alarm: has somebody else got hold of this login?
//
// Five signs, each an absolute floor and more than the login's own habits:
//
//   novelty   more new recipients today than the floor, and than `factor` times
//             the second busiest day of the last 35 (one day is no habit)
//   volume    the same of all recipients
//   refusals  so many refused as unknown or unwanted today, and so large a part
//   networks  mail from so many networks today that it never came from before
//   authors   mail in so many names (From) today that it never wrote in before
//
// Two signs together raise the alarm; novelty counts twice when it is twice as
// much, and as much as volume must be. One alone is an ordinary day: a shop's
// best one, a newsletter, a journey. In its first `learning_days` everything is
// new to a login, so that only volume and refusals are signs. The alarm stays
// until `alarm_for` is over or the operator ends it; then today's counts begin
// anew. It concerns that login and no other.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/base/clock.h"
#include "policy/limits/history/history.h"

namespace postern {

struct HijackOptions {
  // More than people write to for the first time in one day by hand.
  std::int64_t new_recipients = 50;
  // More than one letter to a club; mox lets 200 new ones a day pass.
  std::int64_t recipients = 200;
  // A shop's best day is three times a busy one; a thief sends what he can.
  std::int64_t factor = 4;
  // Lists in use lose 1 to 2 % a month, bought ones have 5 to 30 % dead.
  std::int64_t refusals = 10;
  std::int64_t refused_percent = 5;
  // Home, office, telephone, hotel: three new ones in one day is a journey.
  std::int64_t new_networks = 4;
  // A person has a few; what writes for many writes in the same ones each week.
  std::int64_t new_froms = 10;
  int learning_days = 14;
  std::chrono::hours alarm_for{24};
};

// The signs that are there, with their numbers, in words.
[[nodiscard]] std::vector<std::string> HijackSigns(
    const History::Habits& habits, const HijackOptions& options);

struct LoginVerdict {
  bool is_alarmed = false;
  bool is_new = false;  // raised by this very call: tell the operator
  std::string reason;
  TimePoint until;
};

// Before its message is let through, and with its recipients among those under
// way. Raises the alarm, or ends one whose time is over.
[[nodiscard]] LoginVerdict JudgeLogin(const std::string& owner,
                                      const HijackOptions& options,
                                      const Clock& clock, History* history);

}  // namespace postern
