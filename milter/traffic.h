// Traffic: what goes through the door right now, and how much may.
//
// Counts the transactions under way, so that a drain knows when the last one is
// through, and bounds how many messages are judged at once. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace postern {

class Traffic {
  struct Left {
    int Traffic::* count;
    void operator()(Traffic* traffic) const { traffic->Leave(count); }
  };

 public:
  // Given back when destroyed. Outlived by the Traffic.
  using Place = std::unique_ptr<Traffic, Left>;

  // A transaction begins. Null: the door closes, no new ones.
  [[nodiscard]] Place Enter();
  // A message is judged. Waits for a place; null: there was none in time.
  [[nodiscard]] Place Judge(int at_most, std::chrono::milliseconds wait);

  // From now on nobody enters.
  void Close();
  [[nodiscard]] int under_way() const;

 private:
  void Leave(int Traffic::* count);

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  bool is_closing_ = false;
  int under_way_ = 0;
  int judging_ = 0;
};

}  // namespace postern
