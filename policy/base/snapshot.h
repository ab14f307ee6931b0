// Snapshot<T>: the current immutable T, swapped whole on reload.
//
// Any thread may Get or Set. std::atomic<std::shared_ptr> is not used: GCC 12's
// reports a race under thread sanitizer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace postern {

template <typename T>
class Snapshot {
 public:
  explicit Snapshot(std::shared_ptr<const T> value)
      : value_(std::move(value)) {}

  [[nodiscard]] std::shared_ptr<const T> Get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // the old one is freed outside of the lock
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace postern
