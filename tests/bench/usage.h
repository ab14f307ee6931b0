// Usage: what a running process and its descendants have cost so far.
//
// Read from /proc and the CPU clocks; a process that is gone counts nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

namespace postern {

// User and system time, in nanoseconds of the scheduler's own account.
[[nodiscard]] std::chrono::nanoseconds CpuOf(pid_t pid);
// The largest resident set of each so far, summed.
[[nodiscard]] std::int64_t PeakResidentKib(pid_t pid);
// Proportional set: shared pages divided among those who share them.
[[nodiscard]] std::int64_t ProportionalKib(pid_t pid);

// Watches the proportional set in a thread of its own while it lives.
class MemoryWatch {
 public:
  explicit MemoryWatch(pid_t pid);
  [[nodiscard]] std::int64_t peak_kib() const { return peak_kib_; }

 private:
  std::atomic<std::int64_t> peak_kib_{0};
  std::jthread watching_;
};

}  // namespace postern
