// SharedLimiter: the limiter of several MTAs, counted in a Redis or Valkey.
//
// While the server does not answer, each rule does what its store_down says:
// what a "local" one lets pass is charged when the server is back, what an
// "open" one lets pass is not. Told in the log once for each change.
// Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "policy/limits/limiter.h"
#include "policy/limits/redis_counters.h"

namespace postern {

class SharedLimiter final : public Limiter {
 public:
  // A server that is not there is no error; a password that cannot be read is.
  [[nodiscard]] static Result<std::unique_ptr<SharedLimiter>> Open(
      const RedisConfig& config, const Clock& clock,
      RedisTime time = RedisTime::kServer);

  [[nodiscard]] Answer Reserve(std::span<const LimitCharge> charges) override;
  [[nodiscard]] Result<void> Flush() override;
  [[nodiscard]] Result<std::vector<LimitUse>> Show(
      const UseFilter& filter) override;
  [[nodiscard]] Result<void> Grant(const LimitGrant& grant) override;
  [[nodiscard]] Result<bool> Clear(const std::string& rule,
                                   const std::string& key) override;
  [[nodiscard]] std::vector<Statement> Status() override;

  struct State {
    bool answers = true;
    std::string failure;           // the last one; empty: there was none
    std::uint64_t unanswered = 0;  // reservations that went without the server
  };
  [[nodiscard]] State state() const;

 private:
  SharedLimiter(const RedisConfig& config, const Clock& clock, RedisTime time,
                std::unique_ptr<Limiter> local);
  [[nodiscard]] Answer ReserveWithout(std::span<const LimitCharge> charges);
  void TellAnswered();
  void TellFailed(const std::string& failure);

  const std::string server_;
  const Clock& clock_;
  RedisCounters counters_;
  std::unique_ptr<Limiter> local_;  // in memory

  mutable std::mutex mutex_;  // guards what follows
  State state_;
  Deadline last_failure_;
};

}  // namespace postern
