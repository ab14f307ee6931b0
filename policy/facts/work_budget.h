// WorkBudget: what the reading of one message's attachments may cost.
//
// CPU time of the calling thread, so that a busy machine changes no answer, and
// octets decompressed. Shared by all attachments of a message. One thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <time.h>

#include <cstddef>
#include <cstdint>

namespace postern {

class WorkBudget {
 public:
  static constexpr std::int64_t kCpuMicroseconds = 60'000;
  static constexpr std::size_t kMaxBytes = 12 * 1024 * 1024;

  explicit WorkBudget(std::int64_t microseconds = kCpuMicroseconds)
      : end_(Now() + microseconds) {}

  // False: there is no more, now or ever after.
  [[nodiscard]] bool Spend(std::size_t bytes) {
    if (bytes > kMaxBytes - bytes_)
      is_spent_ = true;
    else
      bytes_ += bytes;
    return HasTime();
  }
  [[nodiscard]] bool HasTime() {
    if (!is_spent_ && Now() > end_) is_spent_ = true;
    return !is_spent_;
  }

 private:
  static std::int64_t Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
  }

  std::int64_t end_;
  std::size_t bytes_ = 0;
  bool is_spent_ = false;
};

}  // namespace postern
