// WarmUp: how much a new way out, or a new domain, may send to each receiver
// today; more from day to day, until it needs no limit.
//
// The climb begins with the first mail to the receiver, or when the operator
// says. While the receiver pushes back it stands still: those days do not
// count. What is begun and paused is kept in one small file, written whole each
// time it changes; a file that cannot be read is an Error that says what to do.
// Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/config/limits.h"

namespace postern {

// Who climbs, and before whom.
struct WarmUpKey {
  std::string sender;    // "egress=192.0.2.1" or "author_domain=example.com"
  std::string receiver;  // "gmail"; empty: all of them together
  auto operator<=>(const WarmUpKey&) const = default;
};

// How far a climb is. Times are those of the wall.
struct WarmUpClimb {
  std::chrono::sys_seconds started;
  std::chrono::seconds paused{0};  // in pauses that are over
  std::chrono::sys_seconds paused_from;
  std::chrono::sys_seconds paused_until;  // not after paused_from: no pause
  bool operator==(const WarmUpClimb&) const = default;
};

// Time that counts.
[[nodiscard]] std::chrono::seconds Climbed(const WarmUpClimb& climb,
                                           std::chrono::sys_seconds now);
// None: the schedule is through, there is no limit any more.
[[nodiscard]] std::optional<LimitRate> WarmUpRate(
    std::span<const WarmUpStep> steps, std::chrono::seconds climbed);
// A receiver that pushes back, until then. Pauses that meet are one.
void Pause(std::chrono::sys_seconds now, std::chrono::sys_seconds until,
           WarmUpClimb* climb);

class WarmUp {
 public:
  // More than any deployment has; beyond them nobody new begins a climb.
  static constexpr std::size_t kMostClimbs = 10'000;

  // An empty directory name keeps everything in memory.
  [[nodiscard]] static Result<std::unique_ptr<WarmUp>> Open(
      const std::string& directory, const Clock& clock);

  // The rate that holds now; the first call begins the climb. A climb that
  // could not be written down goes on in memory, and says so in the log.
  [[nodiscard]] std::optional<LimitRate> RateNow(
      const WarmUpKey& key, std::span<const WarmUpStep> steps);
  // By hand: a climb that is under way begins anew. With no receiver, those
  // before all of them do, and count from then.
  [[nodiscard]] Result<void> Start(const WarmUpKey& key,
                                   std::chrono::sys_seconds when);
  // Does nothing for one who does not climb.
  void PushBack(const WarmUpKey& key, TimePoint until);
  [[nodiscard]] std::map<WarmUpKey, WarmUpClimb> Climbs() const;

 private:
  WarmUp(std::string file, const Clock& clock)
      : file_(std::move(file)), clock_(clock) {}
  [[nodiscard]] std::chrono::sys_seconds Now() const;
  [[nodiscard]] Result<void> Write() const;  // under the lock

  const std::string file_;  // empty: in memory only
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<WarmUpKey, WarmUpClimb> climbs_;
};

}  // namespace postern
