#include "milter/abuse_alerts.h"

#include <spdlog/spdlog.h>

#include "policy/base/text.h"

namespace postern {

void AbuseAlerts::Tell(const Submission& submission, const Finding& finding) {
  const std::string client = submission.client_address
                                 ? submission.client_address->ToString()
                                 : std::string();
  const std::string& sender =
      submission.login.empty() ? client : submission.login;
  if (!IsNew(finding.check + " " + sender)) return;
  spdlog::warn("abuse-alarm: {} from {}: {}", finding.check,
               EscapeForLog(sender), EscapeForLog(finding.detail));
  hook_->Run(Hook::Urgency::kAlarm, {{"EVENT", "abuse-alarm"},
                                     {"CHECK", finding.check},
                                     {"LOGIN", submission.login},
                                     {"CLIENT", client},
                                     {"WHY", finding.detail}});
}

bool AbuseAlerts::IsNew(const std::string& key) {
  const TimePoint now = clock_->Now();
  const std::lock_guard lock(mutex_);
  std::erase_if(
      told_, [&](const auto& known) { return now - known.second >= kPause; });
  if (told_.size() >= kMostKnown) told_.clear();
  return told_.emplace(key, now).second;
}

}  // namespace postern
