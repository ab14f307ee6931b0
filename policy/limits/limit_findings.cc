#include "policy/limits/limit_findings.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/values.h"
#include "policy/limits/charges.h"

namespace postern {
namespace {

constexpr std::string_view kPrefix = "limit-";

std::string RetryTime(TimePoint time) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", seconds);
}

std::string_view Unit(LimitCost cost, std::int64_t count) {
  const bool is_one = count == 1;
  switch (cost) {
    case LimitCost::kMessages:
      return is_one ? "message" : "messages";
    case LimitCost::kRecipients:
      return is_one ? "recipient" : "recipients";
    case LimitCost::kNewRecipients:
      return is_one ? "new recipient" : "new recipients";
    case LimitCost::kNewRecipientDomains:
      return is_one ? "new recipient domain" : "new recipient domains";
    case LimitCost::kBytes:
      return is_one ? "octet" : "octets";
    case LimitCost::kLinkDomains:
      return is_one ? "domain in links" : "domains in links";
  }
  return "units";
}

std::string_view Advice(LimitCost cost) {
  switch (cost) {
    case LimitCost::kBytes:
      return "make it smaller";
    case LimitCost::kLinkDomains:
      return "link to fewer";
    case LimitCost::kMessages:
      return "ask the operator";
    case LimitCost::kRecipients:
    case LimitCost::kNewRecipients:
    case LimitCost::kNewRecipientDomains:
      return "write to fewer at a time";
  }
  return {};
}

// No waiting helps.
bool IsTooMuch(const LimitOverrun& overrun) {
  return overrun.is_per_message ||
         (!overrun.retry_at && !overrun.store_is_down);
}

std::int64_t BurstOf(const LimitRate& rate) {
  return rate.burst > 0 ? rate.burst : rate.count;
}

std::int64_t MostOfOneMessage(const LimitRule& rule,
                              const LimitOverrun& overrun) {
  return overrun.is_per_message ? rule.per_message : BurstOf(overrun.rate);
}

std::string Describe(const LimitCharge& charge, const LimitOverrun& overrun) {
  const LimitRule& rule = *charge.rule;
  const std::string whom = EscapeForLog(overrun.key, 80);
  if (overrun.store_is_down)
    return fmt::format("limit {}: what {} has sent cannot be told now",
                       rule.name, whom);
  const std::int64_t most = MostOfOneMessage(rule, overrun);
  if (IsTooMuch(overrun))
    return fmt::format("limit {}: a message of {} may have at most {} {}; {}",
                       rule.name, whom, most, Unit(rule.cost, most),
                       Advice(rule.cost));
  const LimitRate& rate = overrun.rate;
  const std::int64_t burst = BurstOf(rate);
  if (burst != rate.count)
    return fmt::format(
        "limit {}: {} has used up the {} {} that may go at once, {} in {} come "
        "back",
        rule.name, whom, burst, Unit(rule.cost, burst), rate.count,
        FormatDuration(rate.period));
  return fmt::format("limit {}: {} has used up {} {} in {}", rule.name, whom,
                     rate.count, Unit(rule.cost, rate.count),
                     FormatDuration(rate.period));
}

// Codes of our own: no receiver says them.
PredictedReply OwnReply(LimitCost cost, const LimitOverrun& overrun) {
  PredictedReply reply;
  reply.receiver = "any";
  reply.code = 550;
  reply.enhanced = {5, 7, 1};
  if (!IsTooMuch(overrun) || cost == LimitCost::kMessages) return reply;
  if (cost == LimitCost::kBytes) {
    reply.code = 552;  // RFC 1870 s.6.2
    reply.enhanced = {5, 3, 4};
  } else if (cost != LimitCost::kLinkDomains) {
    reply.enhanced = {5, 5, 3};  // RFC 3463 s.3.6: too many recipients
  }
  return reply;
}

}  // namespace

std::string LimitCheckId(std::string_view rule) {
  return std::string(kPrefix) + std::string(rule);
}

std::string_view LimitOfCheckId(std::string_view id) {
  return id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : "";
}

Action LimitAction(const LimitRule& rule, const LimitOverrun& overrun,
                   const Submission& submission) {
  if (rule.over == LimitOver::kObserve) return Action::kObserve;
  if (IsTooMuch(overrun)) return Action::kReject;
  if (rule.over == LimitOver::kHold) return Action::kHold;
  if (rule.over == LimitOver::kAuto && IsPersonal(submission))
    return Action::kHold;
  return Action::kDefer;
}

Finding UncountedFinding(const LimitRule& rule) {
  Finding finding;
  finding.check = LimitCheckId(rule.name);
  finding.level = Level::kMust;
  finding.outcome = Outcome::kUnknown;
  finding.detail = fmt::format(
      "limit {}: not counted, its store does not answer", rule.name);
  return finding;
}

Finding LimitFinding(const LimitCharge& charge, const LimitOverrun& overrun,
                     Action action) {
  Finding finding;
  finding.check = LimitCheckId(overrun.rule);
  finding.level = Level::kMust;
  finding.action = action;
  finding.detail = Describe(charge, overrun);
  if (overrun.retry_at)
    finding.detail +=
        (overrun.store_is_down ? ", try again at " : ", free at ") +
        RetryTime(*overrun.retry_at);
  finding.predicts = {OwnReply(charge.rule->cost, overrun)};
  return finding;
}

}  // namespace postern
