// AbuseAlerts: tells the operator's command of malware and phishing on its way
// out, once an hour for each sender and kind.
//
// A sender is a login, else a client's address. At most kMostKnown are
// remembered; when there are more, each is told again. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "milter/hook.h"
#include "policy/base/clock.h"
#include "policy/decision/decision.h"
#include "policy/message/envelope.h"

namespace postern {

class AbuseAlerts {
 public:
  static constexpr std::chrono::hours kPause{1};
  static constexpr std::size_t kMostKnown = 1'000;

  // Both outlive it.
  AbuseAlerts(Hook* hook, const Clock* clock) : hook_(hook), clock_(clock) {}

  void Tell(const Submission& submission, const Finding& finding);

 private:
  [[nodiscard]] bool IsNew(const std::string& key);

  Hook* const hook_;
  const Clock* const clock_;
  std::mutex mutex_;
  std::map<std::string, TimePoint> told_;
};

}  // namespace postern
