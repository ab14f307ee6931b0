// RatePool: one copy of each rate that is in force somewhere, so that a counter
// need only point to it. Rates stay for good: they are as many as an operator
// writes. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <shared_mutex>

#include "policy/limits/gcra.h"

namespace postern {

class RatePool {
 public:
  [[nodiscard]] const RateTerms* Of(const RateTerms& terms) {
    {
      const std::shared_lock lock(mutex_);
      const auto known = rates_.find(terms);
      if (known != rates_.end()) return &*known;
    }
    const std::lock_guard lock(mutex_);
    return &*rates_.insert(terms).first;
  }

 private:
  std::shared_mutex mutex_;
  std::set<RateTerms> rates_;
};

}  // namespace postern
