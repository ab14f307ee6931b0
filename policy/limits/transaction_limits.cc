#include "policy/limits/transaction_limits.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "policy/limits/charges.h"
#include "policy/limits/limit_findings.h"

namespace postern {
namespace {

std::vector<std::string> Addresses(const Envelope& envelope) {
  std::vector<std::string> addresses;
  for (const ForwardPath& path : envelope.recipients)
    addresses.push_back(path.address);
  return addresses;
}

Action ActionOver(const LimitRule& rule, const LimitOverrun& overrun,
                  const Asker& asker) {
  const bool is_waived =
      std::find(asker.waived.begin(), asker.waived.end(),
                LimitCheckId(rule.name)) != asker.waived.end();
  if (is_waived || asker.config.mode != Mode::kEnforce) return Action::kObserve;
  return LimitAction(rule, overrun, asker.submission);
}

void Append(std::vector<LimitCharge> more, std::vector<LimitCharge>* charges) {
  std::move(more.begin(), more.end(), std::back_inserter(*charges));
}

// What RCPT would have asked for, recipient by recipient.
std::vector<LimitCharge> ChargesOfEnvelope(const std::vector<LimitRule>& rules,
                                           const Submission& submission,
                                           const Envelope& envelope) {
  std::vector<LimitCharge> charges;
  Envelope earlier{envelope.mail_from, {}, {}};
  for (const ForwardPath& recipient : envelope.recipients) {
    Append(ChargesAtRcpt(rules, submission, earlier, recipient), &charges);
    earlier.recipients.push_back(recipient);
  }
  return charges;
}

}  // namespace

void PutOff(const TransactionLimits::Over& over, TransactionLimits* limits) {
  for (TransactionLimits::Over& known : limits->over) {
    if (known.overrun.rule != over.overrun.rule ||
        known.overrun.key != over.overrun.key)
      continue;
    known.overrun.retry_at =
        std::max(known.overrun.retry_at, over.overrun.retry_at);
    return;
  }
  limits->over.push_back(over);
}

Reserved Reserve(const Asker& asker, std::vector<LimitCharge> charges,
                 TransactionLimits* limits) {
  Reserved reserved;
  while (asker.limiter != nullptr && !charges.empty()) {
    Limiter::Answer answer = asker.limiter->Reserve(charges);
    if (!answer.overrun) {
      limits->reservations.push_back(std::move(answer.reservation));
      break;
    }
    const LimitOverrun& overrun = *answer.overrun;
    const auto is_over = [&](const LimitCharge& charge) {
      return charge.rule->name == overrun.rule && charge.key == overrun.key;
    };
    const auto over = std::find_if(charges.begin(), charges.end(), is_over);
    if (over == charges.end()) break;
    const Action action = ActionOver(*over->rule, overrun, asker);
    reserved.findings.push_back(LimitFinding(overrun, action, {}));
    if (action != Action::kObserve) {
      reserved.over = {overrun, action};
      break;
    }
    std::erase_if(charges, is_over);
  }
  return reserved;
}

std::vector<Finding> ReserveAtEnd(const Asker& asker, const Facts& facts,
                                  bool is_released, TransactionLimits* limits) {
  const Message& message = *facts.message;
  const std::vector<LimitRule>& rules = asker.config.limits;
  std::vector<Finding> findings;
  for (const TransactionLimits::Over& over : limits->over)
    findings.push_back(
        LimitFinding(over.overrun,
                     facts.is_mta_bounce ? Action::kObserve : over.action, {}));
  std::vector<LimitCharge> charges;
  if (!facts.is_mta_bounce)
    charges = ChargesAtEndOfMessage(rules, message.submission, message.envelope,
                                    {facts.author_domain, facts.stream.name});
  if (is_released)
    Append(ChargesOfEnvelope(rules, message.submission, message.envelope),
           &charges);
  Reserved reserved = Reserve(asker, std::move(charges), limits);
  if (reserved.over) PutOff(*reserved.over, limits);
  for (Finding& finding : reserved.findings)
    findings.push_back(std::move(finding));
  for (Finding& finding : findings)
    finding.recipients = Addresses(message.envelope);
  return findings;
}

void ChargeOnlyWhatLeaves(const Asker& asker, const Facts& facts,
                          const std::vector<std::string>& held_recipients,
                          TransactionLimits* limits) {
  if (asker.limiter == nullptr || facts.is_mta_bounce) return;
  const std::set<std::string_view> held(held_recipients.begin(),
                                        held_recipients.end());
  const Message& message = *facts.message;
  Envelope leaving = message.envelope;
  std::erase_if(leaving.recipients, [&](const ForwardPath& recipient) {
    return held.contains(recipient.address);
  });
  const std::vector<LimitRule>& rules = asker.config.limits;
  std::vector<LimitCharge> charges =
      ChargesOfEnvelope(rules, message.submission, leaving);
  Append(ChargesAtEndOfMessage(rules, message.submission, leaving,
                               {facts.author_domain, facts.stream.name}),
         &charges);
  // It was admitted already: what others have taken meanwhile is no refusal.
  std::vector<std::string> all;
  for (const LimitRule& rule : rules) all.push_back(LimitCheckId(rule.name));
  limits->reservations.clear();
  (void)Reserve({asker.limiter, asker.config, asker.submission, all},
                std::move(charges), limits);
}

}  // namespace postern
