// A connection that fails ends its thread and is told in the outcome; the
// others play the rest.
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <optional>
#include <thread>

namespace postern {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{60};

std::string NameOf(const MilterOutcome& outcome) {
  switch (outcome.verdict) {
    case MilterVerdict::kContinue:
      return "continue";
    case MilterVerdict::kAccept:
      return "accept";
    case MilterVerdict::kReject:
      return "reject";
    case MilterVerdict::kTempfail:
      return "tempfail";
    case MilterVerdict::kDiscard:
      return "discard";
    case MilterVerdict::kReplyCode:
      return outcome.text;
    case MilterVerdict::kShutdown:
    case MilterVerdict::kConnectionFail:
    case MilterVerdict::kSkip:
    case MilterVerdict::kNone:
      break;
  }
  return "none";
}

bool IsSigned(const MilterOutcome& outcome) {
  return std::any_of(
      outcome.edits.begin(), outcome.edits.end(),
      [](const MilterEdit& edit) { return edit.name == "DKIM-Signature"; });
}

// One connection's share of the work.
class Player {
 public:
  Player(const LoadPlan& plan, const std::vector<MilterMessage>& corpus)
      : plan_(plan), corpus_(corpus) {}

  void Dial() {
    auto client = MilterClient::Open(plan_.socket, {}, kPatience);
    if (!client) return void(part_.failure = client.error().message);
    client_.emplace(std::move(*client));
  }

  void Play(std::atomic<std::size_t>& next) {
    while (part_.failure.empty()) {
      const std::size_t turn = next.fetch_add(1);
      if (turn >= plan_.messages) break;
      Send(turn);
    }
    Leave();
  }

  [[nodiscard]] const LoadOutcome& part() const { return part_; }

 private:
  void Send(std::size_t turn) {
    MilterMessage message = corpus_[turn % corpus_.size()];
    message.queue_id = "4bench" + std::to_string(turn);
    // Each copy to a mailbox of its own: receivers take so many for one.
    for (MilterRecipient& recipient : message.recipients)
      recipient.address.insert(1, std::to_string(turn / corpus_.size()));
    const Clock::time_point start = Clock::now();
    if (!client_) Dial();
    if (!client_) return;
    const MilterOutcome outcome = client_->SendMessage(message);
    part_.latencies.push_back(Clock::now() - start);
    part_.failure = outcome.failure;
    ++part_.answers[NameOf(outcome)];
    if (IsSigned(outcome)) ++part_.signed_count;
    if (plan_.reuse == Reuse::kNothing) Leave();
  }

  void Leave() {
    if (client_) static_cast<void>(client_->Quit());
    client_.reset();
  }

  const LoadPlan& plan_;
  const std::vector<MilterMessage>& corpus_;
  std::optional<MilterClient> client_;
  LoadOutcome part_;
};

void Merge(LoadOutcome& whole, const LoadOutcome& part) {
  whole.latencies.insert(whole.latencies.end(), part.latencies.begin(),
                         part.latencies.end());
  for (const auto& [answer, count] : part.answers) {
    whole.answers[answer] += count;
  }
  whole.signed_count += part.signed_count;
  if (whole.failure.empty()) whole.failure = part.failure;
}

}  // namespace

std::chrono::nanoseconds LoadOutcome::Percentile(double share) const {
  if (latencies.empty()) return {};
  const auto last = static_cast<double>(latencies.size() - 1);
  return latencies[static_cast<std::size_t>(std::lround(share * last))];
}

LoadOutcome PlayLoad(const LoadPlan& plan,
                     const std::vector<MilterMessage>& corpus) {
  std::vector<Player> players;
  for (std::size_t i = 0; i < plan.connections; ++i) {
    players.emplace_back(plan, corpus);
  }
  std::atomic<std::size_t> next{0};
  Clock::time_point start;
  std::barrier all_greeted(static_cast<std::ptrdiff_t>(plan.connections),
                           [&start]() noexcept { start = Clock::now(); });
  {
    std::vector<std::jthread> threads;
    for (Player& player : players) {
      threads.emplace_back([&] {
        player.Dial();
        all_greeted.arrive_and_wait();
        player.Play(next);
      });
    }
  }
  LoadOutcome whole;
  whole.elapsed = Clock::now() - start;
  for (const Player& player : players) Merge(whole, player.part());
  std::sort(whole.latencies.begin(), whole.latencies.end());
  return whole;
}

}  // namespace postern
