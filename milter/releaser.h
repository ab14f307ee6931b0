// Releaser: hands back by itself what only limits hold, when they free.
//
// One thread. Those that one limit holds under one key stand in a line, first
// come, first served (waiting_lines.h): the first is handed back when the
// limiter says that it would be let through, and only then the next. One that
// is not let through after all is answered with a deferral: it stays the hold
// that it is, at its place. What the MTA does not take for another reason
// stands apart and is tried again, later each time. The lines are those of the
// held store, in the order of their times. Borrows what it is made from, which
// outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/snapshot.h"
#include "policy/gate.h"
#include "policy/holds/held_store.h"
#include "policy/limits/waiting_lines.h"

namespace postern {

// Whether nothing but limits that free themselves keeps it.
[[nodiscard]] bool FreesItself(const std::vector<HeldReason>& reasons,
                               const std::optional<TimePoint>& free_at);

// When a hold that waits for a limit is let through, as far as it can be told;
// nullopt: now. Reserves nothing.
[[nodiscard]] std::optional<TimePoint> LetThroughAt(const WaitingHold& hold,
                                                    const Config& config,
                                                    Limiter* limiter);

class Releaser {
 public:
  struct Needs {
    const Snapshot<Rulebook>* rulebook;
    HeldStore* store;
    Limiter* limiter;
    WaitingLines* lines;
    const Clock* clock;
  };
  explicit Releaser(const Needs& needs);
  Releaser(const Releaser&) = delete;
  Releaser& operator=(const Releaser&) = delete;
  ~Releaser() = default;

  // A message is held that frees itself. Any thread; never waits.
  struct Expected {
    std::string id;
    TimePoint since;  // its place in the line
    TimePoint free_at;
    std::vector<HeldReason> reasons;
  };
  void Expect(const Expected& expected);
  // One that was handed back is not let through yet, and was deferred.
  void ExpectAgain(const Expected& expected);

 private:
  void Run(const std::stop_token& stop);
  void Remember();
  void SleepUntilWoken(std::chrono::nanoseconds most,
                       const std::stop_token& stop);
  void Pause(const std::stop_token& stop);
  void Look(const WaitingHold& hold, const std::stop_token& stop);
  void Release(const WaitingHold& hold);
  void SetAside(WaitingHold hold, std::chrono::seconds first_wait);

  const Needs needs_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;  // under mutex_
  // Under mutex_: whether the one that was handed back was not let through.
  bool is_deferred_ = false;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace postern
