// What is used up of the counters in Redis, for the operator's desk.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/limits/limiter.h"
#include "policy/limits/redis_calls.h"

namespace postern {

struct ShowAt {
  std::int64_t now_us = 0;  // 0: the server's time
  TimePoint now;            // the same in the time of this host
  Deadline deadline;
};
// Walks over all keys of the deployment, without keeping others waiting. What
// is not seen by the deadline is an Error that says so.
[[nodiscard]] Result<std::vector<LimitUse>> ShowUse(
    RedisCalls* calls, const Limiter::UseFilter& filter, const ShowAt& at);

}  // namespace postern
