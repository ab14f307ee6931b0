// Limiter: how much may go (GCRA, exact at the window edge, durable).
//
// All rates of all charges or none. What is reserved is charged when committed
// and given back when cancelled; a reservation that is neither lapses after
// kLapse. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/config/limits.h"

namespace postern {

struct LimitCharge {
  const LimitRule* rule = nullptr;  // outlives the call
  std::string key;                  // any octets: "login=alice"
  std::int64_t cost = 1;
  // An override's rates; empty: the rule's own. Outlive the call. They are no
  // part of the key: other rates take over what was counted.
  std::span<const LimitRate> rates = {};

  [[nodiscard]] std::span<const LimitRate> rates_in_force() const {
    return rates.empty() ? std::span<const LimitRate>(rule->rates) : rates;
  }
};

// Why a charge was refused.
struct LimitOverrun {
  std::string rule;
  std::string key;
  LimitRate rate;
  // When it will be admitted; none: the cost is above the burst, never.
  std::optional<TimePoint> retry_at;
  // The store does not answer and the rule is closed meanwhile.
  bool store_is_down = false;
  bool is_per_message = false;  // LimitRule::per_message; no rate is told
};

// A charge that lifted the use of a rate to 80, 90 or 100 % of its burst. Told
// once for each step and period of the rate.
struct LimitWarning {
  std::string rule;
  std::string key;
  LimitRate rate;
  int percent = 0;  // 80, 90 or 100
};

// What is used up of one (rule, key).
struct LimitUse {
  std::string rule;
  std::string key;
  struct Rate {
    LimitRate rate;
    std::int64_t used = 0;  // units, rounded up; reservations are among them
    TimePoint free_at;      // when nothing of it is left
  };
  std::vector<Rate> rates;
  std::int64_t reserved = 0;  // open reservations
  std::int64_t granted = 0;   // units left of a grant
  std::optional<TimePoint> grant_expires_at;
};

// A one-time addition: charges over the limit are taken from it.
struct LimitGrant {
  std::string rule;
  std::string key;
  std::int64_t units = 0;
  TimePoint expires_at;
};

// What a limit did to a message.
enum class LimitOutcome {
  kObserved,
  kHeld,
  kDeferred,
  kRejected,
  // The store did not answer:
  kPassedUncounted,   // and the rule is open, or only observes
  kRefusedUncounted,  // and the rule is closed
};

// Move-only. Cancelled when destroyed before Commit.
class Reservation;

// Where the program keeps its counters.
[[nodiscard]] inline std::string LimitsDirectory(
    const std::string& state_directory) {
  return state_directory + "/limits";
}

class Limiter {
 public:
  static constexpr std::chrono::minutes kLapse{10};
  static constexpr int kMostKeys = 10'000'000;

  // Opens (or makes) its store in the directory. An empty directory name keeps
  // everything in memory. A store that is unreadable leaves each rule to its
  // store_down and says so in the log; one that another process has is an
  // error.
  [[nodiscard]] static Result<std::unique_ptr<Limiter>> Open(
      const std::string& directory, const Clock& clock,
      int most_keys = kMostKeys);
  virtual ~Limiter() = default;

  struct Answer {
    std::optional<LimitOverrun> overrun;       // refused: nothing was charged
    std::shared_ptr<Reservation> reservation;  // admitted
    std::vector<LimitWarning> warnings;
    // Rules that were not asked, because the store does not answer.
    std::vector<const LimitRule*> unavailable;
  };
  [[nodiscard]] virtual Answer Reserve(
      std::span<const LimitCharge> charges) = 0;
  // Once for each message and outcome. Of those who keep counts.
  virtual void Count(const LimitRule& /*rule*/, LimitOutcome /*outcome*/) {}
  // Writes what is not yet written. Also done by itself every second.
  [[nodiscard]] virtual Result<void> Flush() = 0;
  // Before a process ends that does not destroy it: writes everything, and that
  // nothing is missing. What is charged after it still counts.
  [[nodiscard]] virtual Result<void> Close() { return Flush(); }

  // The operator's desk. What a key or a rule contains; both empty: all. At
  // most that many, the most used first.
  struct UseFilter {
    std::string rule;  // whole
    std::string key;   // a part of it
    std::size_t most = 1'000;
  };
  [[nodiscard]] virtual Result<std::vector<LimitUse>> Show(
      const UseFilter& filter) = 0;
  // Takes the place of an earlier grant.
  [[nodiscard]] virtual Result<void> Grant(const LimitGrant& grant) = 0;
  // Forgets what was counted, and a grant; false: there was nothing.
  [[nodiscard]] virtual Result<bool> Clear(const std::string& rule,
                                           const std::string& key) = 0;
  // What the operator wants to know of the store.
  struct Statement {
    std::string name;
    std::string value;
  };
  [[nodiscard]] virtual std::vector<Statement> Status() { return {}; }
};

class Reservation {
 public:
  Reservation() = default;
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;
  virtual ~Reservation() = default;  // cancels unless committed
  virtual void Commit() = 0;
};

}  // namespace postern
