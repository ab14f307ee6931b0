// EgressWatch: asks in the background what receivers find of our ways out, so
// that no mail waits for it.
//
// One thread surveys at once, after a reload, and by `egress_check.interval`;
// sooner where something is wrong or not known. It puts each survey into the
// snapshot that the gate reads and logs one line for each change of state.
// Borrows the three it is made from, which outlive it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "policy/base/snapshot.h"
#include "policy/facts/dns.h"
#include "policy/facts/egress_health.h"
#include "policy/gate.h"

namespace postern {

// What is wrong with one way out, or not known of it, in words; empty: nothing.
[[nodiscard]] std::string FaultsOf(const EgressHealth& way);

class EgressWatch {
 public:
  EgressWatch(const Snapshot<Rulebook>* rulebook, Dns* dns,
              Snapshot<EgressSurvey>* survey);

  // Surveys now: the configuration has changed. Any thread.
  void Wake();

 private:
  void Run(const std::stop_token& stop);
  void Publish(EgressSurvey survey);
  void LogChange(const std::string& subject, const std::string& faults);

  const Snapshot<Rulebook>* const rulebook_;
  Dns* const dns_;
  Snapshot<EgressSurvey>* const survey_;
  std::map<std::string, std::string> logged_;  // by subject; of the thread

  std::mutex mutex_;
  std::condition_variable_any woken_;
  bool is_woken_ = false;  // under mutex_
  std::jthread thread_;    // last: it uses the others
};

}  // namespace postern
