#include "policy/limits/ask_limits.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "policy/limits/gcra.h"
#include "policy/limits/limit_findings.h"
#include "policy/limits/waiting_lines.h"

namespace postern {
namespace {

Action ActionOver(const LimitRule& rule, const LimitOverrun& overrun,
                  const Asker& asker) {
  return asker.Enforces(LimitCheckId(rule.name))
             ? LimitAction(rule, overrun, asker.submission)
             : Action::kObserve;
}

// The one that was refused, in what was asked for.
std::vector<Owed>::iterator Refused(const LimitOverrun& overrun,
                                    std::vector<Owed>* owed) {
  return std::find_if(owed->begin(), owed->end(), [&](const Owed& one) {
    return one.charge.rule->name == overrun.rule &&
           one.charge.key == overrun.key;
  });
}

// The first that is more than one message may cost by its rule.
std::optional<LimitOverrun> OverMessageCap(std::span<const Owed> owed,
                                           const LimitTally& tally) {
  for (const Owed& one : owed) {
    const LimitRule& rule = *one.charge.rule;
    if (rule.per_message <= 0 ||
        one.charge.cost + SpentBy(one.charge, tally) <= rule.per_message)
      continue;
    LimitOverrun overrun;
    overrun.rule = rule.name;
    overrun.key = one.charge.key;
    overrun.is_per_message = true;
    return overrun;
  }
  return std::nullopt;
}

// The rate that admits the least at once; null: it is not limited, or what it
// admits grows from day to day.
const LimitRate* SmallestBurst(const LimitCharge& charge) {
  const std::span<const LimitRate> rates = charge.rates_in_force();
  if (rates.empty() || charge.rule->warm_up) return nullptr;
  return &*std::ranges::min_element(
      rates, {}, [](const LimitRate& rate) { return TermsOf(rate).burst; });
}

// Those who wait for what is charged here, where they stand in its way.
std::optional<WaitingLines::Ahead> Queue(const Asker& asker,
                                         const LimitCharge& charge) {
  if (asker.lines == nullptr || charge.rule->over == LimitOver::kObserve)
    return std::nullopt;
  const auto ahead = asker.lines->AheadOf(charge.rule->name, charge.key);
  if (!ahead || !asker.Enforces(LimitCheckId(charge.rule->name)))
    return std::nullopt;
  return ahead;
}

double SecondsForOne(const LimitRate& rate) {
  return static_cast<double>(rate.period.count()) /
         static_cast<double>(std::max<std::int64_t>(rate.count, 1));
}

std::chrono::nanoseconds TimeFor(std::int64_t cost, const LimitRate& rate) {
  constexpr std::chrono::duration<double> kMost = std::chrono::days(30);
  const std::chrono::duration<double> time(static_cast<double>(cost) *
                                           SecondsForOne(rate));
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::min(time, kMost));
}

// The first for which others wait already. It is expected when they, and then
// it, have been let through at the slowest rate.
std::optional<LimitOverrun> BehindOthers(const Asker& asker,
                                         std::span<const Owed> owed) {
  for (const Owed& one : owed) {
    const std::span<const LimitRate> rates = one.charge.rates_in_force();
    if (rates.empty()) continue;
    const auto ahead = Queue(asker, one.charge);
    if (!ahead) continue;
    const LimitRate& slowest =
        *std::ranges::max_element(rates, {}, SecondsForOne);
    return LimitOverrun{
        .rule = one.charge.rule->name,
        .key = one.charge.key,
        .rate = slowest,
        .retry_at =
            ahead->first_at +
            TimeFor(ahead->cost_after_first + one.charge.cost, slowest)};
  }
  return std::nullopt;
}

// The first of which the message as a whole asks for more than may go at once.
// A grant may pay all the same, so each is asked by itself.
std::optional<LimitOverrun> AboveBurst(const Asker& asker,
                                       std::span<const Owed> owed,
                                       const LimitTally& tally) {
  for (const Owed& one : owed) {
    const LimitRate* rate = SmallestBurst(one.charge);
    const std::int64_t whole = one.charge.cost + SpentBy(one.charge, tally);
    if (rate == nullptr || whole <= TermsOf(*rate).burst) continue;
    LimitCharge charge = one.charge;
    if (Queue(asker, charge)) charge.cost = whole;  // it has reserved nothing
    std::optional<LimitOverrun> overrun =
        asker.limiter->Reserve({&charge, 1}).overrun;
    if (!overrun || overrun->store_is_down) continue;
    overrun->rate = *rate;
    overrun->retry_at.reset();
    return overrun;
  }
  return std::nullopt;
}

// Asks for all of it; without an overrun it is reserved.
Limiter::Answer Ask(const Asker& asker, std::span<const Owed> owed,
                    TransactionLimits* limits) {
  Limiter::Answer answer;
  if (!asker.is_released) answer.overrun = OverMessageCap(owed, limits->tally);
  if (answer.overrun) return answer;
  std::vector<LimitCharge> charges;
  for (const Owed& one : owed)
    if (!one.charge.rates_in_force().empty()) charges.push_back(one.charge);
  if (charges.empty()) return answer;
  answer.overrun = BehindOthers(asker, owed);
  if (!answer.overrun) answer = asker.limiter->Reserve(charges);
  if (answer.overrun) {
    if (auto above = AboveBurst(asker, owed, limits->tally))
      answer.overrun = std::move(above);
  } else if (answer.reservation) {
    limits->reservations.push_back(answer.reservation);
  }
  return answer;
}

LimitOutcome OutcomeOf(const LimitOverrun& overrun, Action action) {
  if (overrun.store_is_down)
    return action == Action::kObserve ? LimitOutcome::kPassedUncounted
                                      : LimitOutcome::kRefusedUncounted;
  switch (action) {
    case Action::kHold:
      return LimitOutcome::kHeld;
    case Action::kDefer:
      return LimitOutcome::kDeferred;
    case Action::kReject:
      return LimitOutcome::kRejected;
    case Action::kOff:
    case Action::kObserve:
    case Action::kMend:
      return LimitOutcome::kObserved;
  }
  return LimitOutcome::kObserved;
}

void Count(const Asker& asker, const LimitRule& rule, LimitOutcome outcome,
           TransactionLimits* limits) {
  if (limits->counted.emplace(rule.name, outcome).second)
    asker.limiter->Count(rule, outcome);
}

}  // namespace

bool IsSame(const Finding& a, const Finding& b) {
  return a.check == b.check && a.outcome == b.outcome;
}

void AddUnlessThere(const Finding& finding, std::vector<Finding>* findings) {
  if (std::ranges::none_of(*findings, [&](const Finding& known) {
        return IsSame(known, finding);
      }))
    findings->push_back(finding);
}

Reserved Reserve(const Asker& asker, std::vector<Owed> owed,
                 TransactionLimits* limits) {
  Reserved reserved;
  std::vector<Owed> observed;
  while (asker.limiter != nullptr && !owed.empty()) {
    const Limiter::Answer answer = Ask(asker, owed, limits);
    if (!answer.overrun) {
      for (const LimitRule* rule : answer.unavailable) {
        Count(asker, *rule, LimitOutcome::kPassedUncounted, limits);
        AddUnlessThere(UncountedFinding(*rule), &reserved.findings);
      }
      break;
    }
    const LimitOverrun& overrun = *answer.overrun;
    const auto refused = Refused(overrun, &owed);
    if (refused == owed.end()) return reserved;
    const LimitRule& rule = *refused->charge.rule;
    const Action action = ActionOver(rule, overrun, asker);
    Count(asker, rule, OutcomeOf(overrun, action), limits);
    Finding finding = LimitFinding(refused->charge, overrun, action);
    if (action != Action::kObserve) {
      LimitCharge charge = refused->charge;
      charge.rates = {};  // they may not live as long
      std::ranges::move(observed, std::back_inserter(owed));
      reserved.over = {.finding = std::move(finding),
                       .action = action,
                       .retry_at = overrun.retry_at,
                       .charge = charge,
                       .keys = {charge.key},
                       .asked = std::move(owed)};
      return reserved;
    }
    reserved.findings.push_back(std::move(finding));
    observed.push_back(std::move(*refused));
    owed.erase(refused);
  }
  Enter(owed, &limits->tally);
  Enter(observed, &limits->tally);
  return reserved;
}

void CutToBurst(std::vector<Owed>* owed) {
  for (Owed& one : *owed)
    if (const LimitRate* rate = SmallestBurst(one.charge))
      one.charge.cost = std::min(one.charge.cost, TermsOf(*rate).burst);
}

}  // namespace postern
