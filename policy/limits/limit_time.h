// LimitTime: the wall clock made to never step back, as the limits count it.
//
// When the clock steps back, limit time goes on from where it was; retry times
// are told in wall time again. A step forward frees what it passes over.
// Thread-safe; the clock is read under the lock, so that a thread that was
// suspended between reading and comparing is not taken for a step.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>

#include "policy/base/clock.h"

namespace postern {

class LimitTime {
 public:
  explicit LimitTime(const Clock& clock) : clock_(clock) {}

  // Nanoseconds; continues from an earlier run's time when that is ahead.
  [[nodiscard]] std::int64_t NowNs() {
    const std::lock_guard lock(mutex_);
    const std::int64_t wall_ns = clock_.Now().time_since_epoch().count();
    ahead_ns_ += std::max<std::int64_t>(last_wall_ns_ - wall_ns, 0);
    last_wall_ns_ = wall_ns;
    return wall_ns + ahead_ns_;
  }
  void ContinueFrom(std::int64_t earlier_ns) {
    const std::int64_t now_ns = NowNs();
    const std::lock_guard lock(mutex_);
    ahead_ns_ += std::max<std::int64_t>(earlier_ns - now_ns, 0);
  }
  [[nodiscard]] TimePoint ToWall(std::int64_t limit_ns) {
    const std::lock_guard lock(mutex_);
    return TimePoint(std::chrono::nanoseconds(limit_ns - ahead_ns_));
  }
  [[nodiscard]] std::int64_t FromWall(TimePoint wall) {
    const std::lock_guard lock(mutex_);
    return wall.time_since_epoch().count() + ahead_ns_;
  }

 private:
  const Clock& clock_;
  std::mutex mutex_;
  std::int64_t last_wall_ns_ = 0;
  std::int64_t ahead_ns_ = 0;
};

}  // namespace postern
