#include "milter/releaser.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "milter/hand_back.h"
#include "policy/base/text.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kLook{1};         // how often the clock is looked at
constexpr milliseconds kPause{50};  // between two messages
// After a failure: a minute, then twice as long each time, an hour at most.
constexpr seconds kFirstRetry{60};
constexpr int kMostDoublings = 6;

}  // namespace

bool FreesItself(const std::vector<HeldReason>& reasons,
                 const std::optional<TimePoint>& free_at) {
  return free_at && !reasons.empty() &&
         std::ranges::all_of(reasons, [](const HeldReason& reason) {
           return reason.check.starts_with("limit-");
         });
}

Releaser::Releaser(const Snapshot<Rulebook>* rulebook, HeldStore* store,
                   const Clock* clock)
    : rulebook_(rulebook),
      store_(store),
      clock_(clock),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

void Releaser::Expect(const std::string& id, TimePoint free_at) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.emplace(free_at, Due{.id = id});
  }
  woken_.notify_all();
}

// What an earlier run left behind.
void Releaser::Remember() {
  const Result<std::vector<HeldMessage>> holds = store_->List();
  if (!holds) {
    spdlog::error("holds: {}", holds.error().message);
    return;
  }
  for (const HeldMessage& held : *holds)
    if (FreesItself(held.reasons, held.free_at)) Expect(held.id, *held.free_at);
}

std::optional<Releaser::Due> Releaser::Next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto first = waiting_.begin();
    if (first != waiting_.end() && first->first <= clock_->Now()) {
      Due due = std::move(first->second);
      waiting_.erase(first);
      return due;
    }
    woken_.wait_for(lock, stop, kLook, [] { return false; });
  }
  return std::nullopt;
}

void Releaser::Again(const Due& due) {
  const auto wait = kFirstRetry * (1 << std::min(due.tries, kMostDoublings));
  const std::lock_guard lock(mutex_);
  waiting_.emplace(clock_->Now() + std::min<seconds>(wait, seconds(3600)),
                   Due{.id = due.id, .tries = due.tries + 1});
}

void Releaser::Release(const Due& due) {
  const Result<HeldMessage> held = store_->Find(due.id);
  if (!held) return;  // an operator was first
  if (held->is_pending) {
    // The MTA has not confirmed the hold: its client may still come again.
    Again(due);
    return;
  }
  const HandBackOutcome back =
      HandBack(store_, rulebook_->Get()->config, due.id, ReleaseBy::kLimit);
  std::string fault = back.fault.empty() ? back.outcome.error : back.fault;
  if (!back.settled) fault = back.settled.error().message;
  if (fault.empty() && back.outcome.refused.empty()) {
    spdlog::info("holds: {} released, its limit is free again", due.id);
    return;
  }
  if (fault.empty())
    fault =
        fmt::format("{} recipients were refused", back.outcome.refused.size());
  spdlog::warn("holds: {} stays held: {}", due.id, EscapeForLog(fault));
  Again(due);
}

void Releaser::Run(const std::stop_token& stop) {
  Remember();
  while (const std::optional<Due> due = Next(stop)) {
    try {
      Release(*due);
    } catch (const std::exception& error) {
      spdlog::error("holds: {}: {}", due->id, error.what());
      Again(*due);
    }
    std::unique_lock lock(mutex_);
    woken_.wait_for(lock, stop, kPause, [] { return false; });
  }
}

}  // namespace postern
