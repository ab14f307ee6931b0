#include "milter/releaser.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "milter/hand_back.h"
#include "policy/base/text.h"
#include "policy/config/limit_overrides.h"
#include "policy/limits/gcra.h"
#include "policy/limits/limit_findings.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kLook{1};         // how often the clock is looked at
constexpr milliseconds kPause{50};  // between two messages
// The operator may clear, grant or reload meanwhile.
constexpr seconds kAskAgain{60};
constexpr milliseconds kLeastWait{10};
// After a failure: a minute, then twice as long each time, an hour at most.
constexpr seconds kFirstRetry{60};
constexpr seconds kLastRetry{3600};
// While the MTA has not confirmed the hold, its client may still come again.
constexpr seconds kFirstPending{1};
constexpr int kMostDoublings = 12;

// Whom it waits behind; of several limits one is enough to begin with.
WaitingHold PlaceOf(const Releaser::Expected& expected) {
  WaitingHold hold{
      .id = expected.id, .since = expected.since, .rule = {}, .key = {}};
  for (const HeldReason& reason : expected.reasons) {
    if (reason.key.empty() || LimitOfCheckId(reason.check).empty()) continue;
    hold.rule = LimitOfCheckId(reason.check);
    hold.key = reason.key;
    hold.cost = reason.cost;
    break;
  }
  return hold;
}

}  // namespace

bool FreesItself(const std::vector<HeldReason>& reasons,
                 const std::optional<TimePoint>& free_at) {
  return free_at && !reasons.empty() &&
         std::ranges::all_of(reasons, [](const HeldReason& reason) {
           return !LimitOfCheckId(reason.check).empty();
         });
}

std::optional<TimePoint> LetThroughAt(const WaitingHold& hold,
                                      const Config& config, Limiter* limiter) {
  const auto rule =
      std::ranges::find(config.limits_in_force, hold.rule, &LimitRule::name);
  // What there is no rate for is asked when the message is there.
  if (limiter == nullptr || rule == config.limits_in_force.end() ||
      rule->warm_up)
    return std::nullopt;
  LimitCharge charge{.rule = &*rule, .key = hold.key, .cost = hold.cost};
  const LimitOverride* other =
      rule->all_overrides ? rule->all_overrides->Find(hold.key) : nullptr;
  if (other != nullptr) charge.rates = other->rates;
  if (other != nullptr && other->rates.empty()) return std::nullopt;
  for (const LimitRate& rate : charge.rates_in_force())
    charge.cost = std::min(charge.cost, TermsOf(rate).burst);
  if (charge.rates_in_force().empty()) return std::nullopt;
  const Limiter::Answer answer = limiter->Reserve({&charge, 1});
  if (!answer.overrun) return std::nullopt;
  return answer.overrun->retry_at;
}

Releaser::Releaser(const Needs& needs) : needs_(needs) {
  Remember();
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

void Releaser::Expect(const Expected& expected) {
  needs_.lines->Join(PlaceOf(expected), expected.free_at);
  {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_all();
}

void Releaser::ExpectAgain(const Expected& expected) {
  needs_.lines->Stay(PlaceOf(expected), expected.free_at);
  const std::lock_guard lock(mutex_);
  is_deferred_ = true;
}

// What an earlier run left behind, before anything new can come.
void Releaser::Remember() {
  const Result<std::vector<HeldMessage>> holds = needs_.store->List();
  if (!holds) {
    spdlog::error("holds: {}", holds.error().message);
    return;
  }
  for (const HeldMessage& held : *holds)
    if (FreesItself(held.reasons, held.free_at))
      needs_.lines->Join(
          PlaceOf({held.id, held.held_at, *held.free_at, held.reasons}),
          *held.free_at);
}

void Releaser::SleepUntilWoken(nanoseconds most, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, most,
                  [this] { return std::exchange(is_woken_, false); });
}

void Releaser::Pause(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, kPause, [] { return false; });
}

void Releaser::SetAside(WaitingHold hold, seconds first_wait) {
  const auto wait = first_wait * (1 << std::min(hold.tries, kMostDoublings));
  const TimePoint at =
      needs_.clock->Now() + std::min<seconds>(wait, kLastRetry);
  hold.rule.clear();
  hold.key.clear();
  ++hold.tries;
  needs_.lines->Join(hold, at);
}

void Releaser::Release(const WaitingHold& hold) {
  const Result<HeldMessage> held = needs_.store->Find(hold.id);
  if (!held) return needs_.lines->Leave(hold.id);  // an operator was first
  if (held->is_pending) return SetAside(hold, kFirstPending);
  {
    const std::lock_guard lock(mutex_);
    is_deferred_ = false;
  }
  const HandBackOutcome back = HandBack(
      needs_.store, needs_.rulebook->Get()->config, hold.id, ReleaseBy::kLimit);
  std::string fault = back.fault.empty() ? back.outcome.error : back.fault;
  if (!back.settled) fault = back.settled.error().message;
  if (fault.empty() && back.outcome.refused.empty()) {
    spdlog::info("holds: {} released, its limit is free again", hold.id);
    return needs_.lines->Leave(hold.id);
  }
  if (back.outcome.kind == SmtpOutcome::Kind::kRefused) {
    const Result<void> kept = needs_.store->Keep(hold.id);
    if (!kept) spdlog::error("holds: {}", kept.error().message);
  }
  {
    const std::lock_guard lock(mutex_);
    if (is_deferred_) return;
  }
  if (fault.empty())
    fault =
        fmt::format("{} recipients were refused", back.outcome.refused.size());
  spdlog::warn("holds: {} stays held: {}", hold.id, EscapeForLog(fault));
  SetAside(hold, kFirstRetry);
}

void Releaser::Look(const WaitingHold& hold, const std::stop_token& stop) {
  const auto rulebook = needs_.rulebook->Get();
  const auto at = LetThroughAt(hold, rulebook->config, needs_.limiter);
  if (at) {
    const TimePoint now = needs_.clock->Now();
    const TimePoint latest = now + kAskAgain;
    return needs_.lines->Await(
        hold.rule, hold.key,
        std::clamp<TimePoint>(*at, now + kLeastWait, latest));
  }
  Release(hold);
  Pause(stop);
}

void Releaser::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const TimePoint now = needs_.clock->Now();
    const std::optional<WaitingHold> due = needs_.lines->Due(now);
    if (!due) {
      const nanoseconds wait =
          needs_.lines->NextLook().value_or(now + kLook) - now;
      SleepUntilWoken(std::clamp<nanoseconds>(wait, nanoseconds(1), kLook),
                      stop);
      continue;
    }
    try {
      Look(*due, stop);
    } catch (const std::exception& error) {
      spdlog::error("holds: {}: {}", due->id, error.what());
      SetAside(*due, kFirstRetry);
    }
  }
}

}  // namespace postern
