// WaitingLines: who is held by which limit, first come, first served.
//
// One line for each limit and key. While anybody stands in it, what comes later
// waits behind it, so that small messages do not for ever take what a large one
// waits for. A hold that waits for something else (an MTA that does not take
// it) stands apart and keeps nobody. Of this process: what another MTA holds
// under a shared limit is in its own lines. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "policy/base/clock.h"

namespace postern {

// A held message, and what it waits for.
struct WaitingHold {
  std::string id;
  TimePoint since;
  std::string rule, key;  // no rule: it stands apart
  std::int64_t cost = 0;
  int tries = 0;  // that failed

  bool operator==(const WaitingHold&) const = default;
};

class WaitingLines {
 public:
  // At its place by time; one that stands elsewhere leaves there. The line's
  // first is looked at then, or earlier if that was to be.
  void Join(const WaitingHold& hold, TimePoint at);
  // The same of one that was looked at: when it is the first, no earlier.
  void Stay(const WaitingHold& hold, TimePoint at);
  // When the line's first is to be looked at; no earlier, no later.
  void Await(std::string_view rule, std::string_view key, TimePoint at);
  // Whoever is next is to be looked at now.
  void Leave(const std::string& id);

  // Of the lines whose time has come, the first of the one that came first.
  [[nodiscard]] std::optional<WaitingHold> Due(TimePoint now) const;
  [[nodiscard]] std::optional<TimePoint> NextLook() const;

  // What a newcomer waits for: the line's first, until then, and after it so
  // much. None: nobody waits.
  struct Ahead {
    TimePoint first_at;
    std::int64_t cost_after_first = 0;
  };
  [[nodiscard]] std::optional<Ahead> AheadOf(std::string_view rule,
                                             std::string_view key) const;

 private:
  using Name = std::pair<std::string, std::string>;
  using Place = std::pair<TimePoint, std::string>;  // since, id
  struct Line {
    TimePoint at;
    std::map<Place, WaitingHold> holds;
    std::int64_t cost = 0;
  };
  // Under the lock.
  void Remove(const std::string& id);

  mutable std::mutex mutex_;
  std::map<Name, Line, std::less<>> lines_;
  std::map<std::string, std::pair<Name, Place>> places_;  // by id
  std::atomic<bool> is_empty_ = true;  // asked for each charge
};

}  // namespace postern
