// What the tests of the limits share.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "policy/limits/limiter.h"

namespace postern {

using std::chrono::minutes;
using std::chrono::seconds;

inline const TimePoint kStart{seconds(1'800'000'000)};

inline LimitRule Rule(std::string name, std::vector<LimitRate> rates) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = std::move(rates);
  return rule;
}

inline std::unique_ptr<Limiter> Opened(const std::string& directory,
                                       const Clock& clock) {
  Result<std::unique_ptr<Limiter>> limiter = Limiter::Open(directory, clock);
  EXPECT_TRUE(limiter) << limiter.error().message;
  return limiter ? std::move(*limiter) : nullptr;
}

// True: admitted, and committed.
inline bool Pass(Limiter* limiter, const LimitRule& rule, std::string key,
                 std::int64_t cost = 1) {
  const LimitCharge charge{&rule, std::move(key), cost};
  const Limiter::Answer answer = limiter->Reserve({&charge, 1});
  if (answer.reservation) answer.reservation->Commit();
  return answer.reservation != nullptr;
}

inline int PassMany(Limiter* limiter, const LimitRule& rule, int times) {
  int passed = 0;
  for (int i = 0; i < times; ++i) passed += Pass(limiter, rule, "k") ? 1 : 0;
  return passed;
}

}  // namespace postern
