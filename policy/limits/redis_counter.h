// RedisCounter: a counter as it is kept in Redis, and what it is asked.
//
// The script (redis_script.h) counts; what it cannot compute in doubles is
// computed here, with gcra.h. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config/limits.h"
#include "policy/limits/gcra.h"

namespace postern {

// The rate in terms that the script can hold: whole seconds, and a full burst
// that drains within 100 years. Another rate admits nothing.
[[nodiscard]] RateTerms RedisTermsOf(const LimitRate& rate);

struct RedisMeter {
  RateTerms terms;
  Ticks drained_at = 0;
  std::array<std::int64_t, 3> told_us = {-1, -1, -1};  // at 80, 90, 100 %
};

struct RedisOpenCharge {
  std::string id;  // 8 octets
  std::int64_t at_us = 0;
  std::int64_t from_grant = 0;
  std::vector<Ticks> returnable;  // for each meter
};

struct RedisCounter {
  std::int64_t granted = 0;
  std::int64_t grant_expires_us = 0;
  std::vector<RedisMeter> meters;
  std::vector<RedisOpenCharge> open;  // oldest first
};

// nullopt: somebody else's data.
[[nodiscard]] std::optional<RedisCounter> DecodeCounter(std::string_view state);
[[nodiscard]] std::string EncodeCounter(const RedisCounter& counter);
// The counter under other rates: each takes over the meter that is nearest to
// it in period, as in Counter.
[[nodiscard]] RedisCounter Converted(const RedisCounter& counter,
                                     std::span<const RateTerms> terms,
                                     std::int64_t now_us);

// What a charge asks of the script: how many rates, one at least; for each its
// count, period, burst, then in us and ticks the cost's debt, those from which
// on 80, 90 and 100 % are used in whole units, and the most; the cost.
[[nodiscard]] std::string EncodeAsk(std::span<const RateTerms> terms,
                                    std::int64_t cost);

// Every key of a deployment has its hash tag, so that a cluster keeps them on
// one node. Long keys and those with control characters are digests.
[[nodiscard]] std::string RedisKeyPrefix(std::string_view deployment);
[[nodiscard]] std::string RedisKeyOf(std::string_view deployment,
                                     std::string_view rule,
                                     std::string_view key);
// The rule and key that such a name tells.
struct RedisKeyParts {
  std::string rule, key;
};
[[nodiscard]] std::optional<RedisKeyParts> SplitRedisKey(
    std::string_view deployment, std::string_view name);

}  // namespace postern
