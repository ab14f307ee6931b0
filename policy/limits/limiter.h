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
#include "policy/config/config.h"

namespace postern {

struct LimitCharge {
  const LimitRule* rule = nullptr;  // outlives the call
  std::string key;                  // any octets: "login=alice"
  std::int64_t cost = 1;
};

// Why a charge was refused.
struct LimitOverrun {
  std::string rule;
  std::string key;
  LimitRate rate;
  // When it will be admitted; none: the cost is above the burst, never.
  std::optional<TimePoint> retry_at;
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

  // Opens (or makes) its store in the directory. An empty directory name keeps
  // everything in memory. A store that is unreadable is an error that names it.
  [[nodiscard]] static Result<std::unique_ptr<Limiter>> Open(
      const std::string& directory, const Clock& clock);
  virtual ~Limiter() = default;

  struct Answer {
    std::optional<LimitOverrun> overrun;       // refused: nothing was charged
    std::shared_ptr<Reservation> reservation;  // admitted
  };
  [[nodiscard]] virtual Answer Reserve(
      std::span<const LimitCharge> charges) = 0;
  // Writes what is not yet written. Also done by itself every second.
  [[nodiscard]] virtual Result<void> Flush() = 0;
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
