// Clock: the seam through which the house learns the time.
//
// Wall time stamps messages and counts limits; deadlines use the steady clock
// directly, because waiting is not a fact about a message.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>

namespace postern {

using TimePoint = std::chrono::sys_time<std::chrono::nanoseconds>;
using Deadline = std::chrono::steady_clock::time_point;

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint Now() const override {
    return std::chrono::time_point_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now());
  }
};

// A clock that stands still until it is told otherwise: `check --now`, tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(TimePoint now) : now_(now.time_since_epoch().count()) {}
  [[nodiscard]] TimePoint Now() const override {
    return TimePoint(std::chrono::nanoseconds(now_.load()));
  }
  void Set(TimePoint now) { now_ = now.time_since_epoch().count(); }
  void Advance(std::chrono::nanoseconds by) { now_ += by.count(); }

 private:
  std::atomic<std::int64_t> now_;
};

[[nodiscard]] inline Deadline In(std::chrono::milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

}  // namespace postern
