#include "policy/limits/limit_findings.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/charges.h"

namespace postern {
namespace {

std::string Describe(const LimitOverrun& overrun) {
  return fmt::format("limit {}: {} in {} s for {}", overrun.rule,
                     overrun.rate.count, overrun.rate.period.count(),
                     EscapeForLog(overrun.key, 80));
}

std::string RetryTime(TimePoint time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", seconds);
}

}  // namespace

std::string LimitCheckId(std::string_view rule) {
  return "limit-" + std::string(rule);
}

Action LimitAction(const LimitRule& rule, const LimitOverrun& overrun,
                   const Submission& submission) {
  switch (rule.over) {
    case LimitOver::kObserve:
      return Action::kObserve;
    case LimitOver::kHold:
      return Action::kHold;
    case LimitOver::kReject:
      return Action::kReject;
    case LimitOver::kDefer:
      return overrun.retry_at ? Action::kDefer : Action::kReject;
    case LimitOver::kAuto:
      if (IsPersonal(submission)) return Action::kHold;
      return overrun.retry_at ? Action::kDefer : Action::kReject;
  }
  return Action::kObserve;
}

Finding LimitFinding(const LimitOverrun& overrun, Action action,
                     const std::vector<std::string>& recipients) {
  Finding finding;
  finding.check = LimitCheckId(overrun.rule);
  finding.level = Level::kMust;
  finding.action = action;
  finding.detail = Describe(overrun);
  if (overrun.retry_at)
    finding.detail += ", free at " + RetryTime(*overrun.retry_at);
  finding.recipients = recipients;
  return finding;
}

}  // namespace postern
