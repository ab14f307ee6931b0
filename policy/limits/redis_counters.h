// RedisCounters: the counters that several MTAs share, in a Redis or Valkey.
//
// A reservation is one round trip. Commits and cancellations are queued and
// told by a thread (redis_endings.h), again after a lost connection; a
// cancellation that never arrives lapses. What the server cannot do is an
// Error; who decides what then is SharedLimiter. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/limits/limiter.h"

namespace postern {

// Whose time counts. The server's is the same for all who share it; tests drive
// their own, in whole microseconds.
enum class RedisTime { kServer, kClock };

class RedisCounters {
 public:
  RedisCounters(const RedisConfig& config, const Clock& clock,
                RedisTime time = RedisTime::kServer);
  RedisCounters(const RedisCounters&) = delete;
  RedisCounters& operator=(const RedisCounters&) = delete;
  ~RedisCounters();

  [[nodiscard]] Result<Limiter::Answer> Reserve(
      std::span<const LimitCharge> charges);
  // Asks nothing: charged when it is committed and the server can be reached.
  [[nodiscard]] std::shared_ptr<Reservation> ReserveLater(
      std::span<const LimitCharge> charges);
  // Waits, not for long, until the server was told everything.
  [[nodiscard]] Result<void> Flush();

  [[nodiscard]] Result<std::vector<LimitUse>> Show(
      const Limiter::UseFilter& filter);
  [[nodiscard]] Result<void> Grant(const LimitGrant& grant);
  [[nodiscard]] Result<bool> Clear(const std::string& rule,
                                   const std::string& key);

  // Of the database: all keys in it, ours or not.
  struct Size {
    std::int64_t keys = 0;
    std::string memory;  // as the server says it: "1.20M"
  };
  [[nodiscard]] Result<Size> AskSize();

 private:
  // What reservations need as well, and may outlive the counters with.
  struct Shared;
  class Held;

  std::shared_ptr<Shared> shared_;
};

}  // namespace postern
