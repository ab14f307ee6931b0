// Releaser: hands back by itself what only limits hold, when they free.
//
// One thread, in the order in which they free, a few in a second. A message
// that the limits do not admit after all (others were first) is held again, by
// the ordinary way: the limit is asked like everybody else. What the MTA does
// not take stays held and is tried again, later each time. Borrows what it is
// made from, which outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/snapshot.h"
#include "policy/gate.h"
#include "policy/holds/held_store.h"

namespace postern {

// Whether nothing but limits that free themselves keeps it.
[[nodiscard]] bool FreesItself(const std::vector<HeldReason>& reasons,
                               const std::optional<TimePoint>& free_at);

class Releaser {
 public:
  Releaser(const Snapshot<Rulebook>* rulebook, HeldStore* store,
           const Clock* clock);
  Releaser(const Releaser&) = delete;
  Releaser& operator=(const Releaser&) = delete;
  ~Releaser() = default;

  // A message was held that frees itself. Any thread; never waits.
  void Expect(const std::string& id, TimePoint free_at);

 private:
  struct Due {
    std::string id;
    int tries = 0;
  };
  void Run(const std::stop_token& stop);
  void Remember();
  [[nodiscard]] std::optional<Due> Next(const std::stop_token& stop);
  void Release(const Due& due);
  void Again(const Due& due);

  const Snapshot<Rulebook>* const rulebook_;
  HeldStore* const store_;
  const Clock* const clock_;
  std::mutex mutex_;
  std::condition_variable_any woken_;
  std::multimap<TimePoint, Due> waiting_;  // under mutex_
  std::jthread thread_;                    // last: it uses the others
};

}  // namespace postern
