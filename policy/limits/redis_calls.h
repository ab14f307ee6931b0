// RedisCalls: one operation of the script on the counters that it concerns.
//
// When the rates of a counter were changed, the script answers with its state;
// the counter is converted here and the operation asked again, with the
// converted one in place of exactly that state. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/limits/gcra.h"
#include "policy/limits/redis_connection.h"
#include "policy/limits/redis_pool.h"

namespace postern {

// What one message asks of one counter.
struct RedisClaim {
  std::string name;  // RedisKeyOf
  std::vector<RateTerms> terms;
  std::string ask;  // EncodeAsk
};

struct RedisOperation {
  std::string_view name;  // of redis_script.h
  std::int64_t now_us = 0;
  std::vector<std::string> arguments;
  std::span<const RedisClaim> claims;
};

struct RedisFault {
  enum class Kind {
    kUnreachable,  // nothing was asked
    kBroken,       // it may have been done
    kRefused,      // by the server, which is there
  };
  Kind kind = Kind::kUnreachable;
  std::string message;  // names the server, and what to do where that is known
};
template <typename T>
using RedisResult = std::expected<T, RedisFault>;

class RedisCalls {
 public:
  explicit RedisCalls(const RedisConfig& config)
      : config_(config), pool_(config) {}

  [[nodiscard]] const RedisConfig& config() const { return config_; }
  [[nodiscard]] RedisResult<RedisReply> Run(const RedisOperation& operation,
                                            Deadline deadline);
  // One round trip for all. A reply is also a refusal, or the wish that the
  // counters be converted first (NeedsConversion).
  [[nodiscard]] RedisResult<std::vector<RedisReply>> RunAll(
      std::span<const RedisOperation> operations, Deadline deadline);
  // Anything else that is asked of a connection.
  using Question =
      std::function<Result<std::vector<RedisReply>>(RedisConnection*)>;
  [[nodiscard]] RedisResult<std::vector<RedisReply>> Ask(
      const Question& question, Deadline deadline);

  [[nodiscard]] static bool NeedsConversion(const RedisReply& reply);
  // What a refusal means for the operator.
  [[nodiscard]] std::string Explain(const RedisReply& refusal) const;

 private:
  const RedisConfig config_;
  RedisPool pool_;
};

}  // namespace postern
