// RedisEndings: commits and cancellations on their way to Redis.
//
// Nobody waits for them. A thread tells them in order, many in one round trip,
// and again after a failure: to tell one twice does no harm. When there are too
// many, the oldest is dropped; a cancellation then lapses. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/limits/redis_calls.h"

namespace postern {

struct RedisEnding {
  enum class Kind { kCommit, kCancel };
  Kind kind = Kind::kCancel;
  std::string id;
  std::int64_t reserved_at_us = 0;  // 0: charged in any case
  std::int64_t now_us = 0;          // 0: the server's time
  std::vector<RedisClaim> claims;
};

class RedisEndings {
 public:
  explicit RedisEndings(RedisCalls* calls);  // outlives it
  RedisEndings(const RedisEndings&) = delete;
  RedisEndings& operator=(const RedisEndings&) = delete;
  ~RedisEndings();

  void Add(RedisEnding ending);
  [[nodiscard]] Result<void> Flush(Deadline deadline);

 private:
  static constexpr std::size_t kMostWaiting = 100'000;
  static constexpr std::size_t kBatch = 64;

  void Tell(const std::stop_token& stop);
  [[nodiscard]] bool TellBatch(const std::vector<RedisEnding>& batch);
  // False: to be told again.
  [[nodiscard]] bool IsDone(const RedisEnding& ending, const RedisReply& reply);

  RedisCalls* calls_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable_any changed_;
  std::deque<RedisEnding> waiting_;
  bool is_telling_ = false;
  bool has_dropped_ = false;
  std::jthread teller_;
};

}  // namespace postern
