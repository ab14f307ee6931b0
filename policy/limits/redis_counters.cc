#include "policy/limits/redis_counters.h"

#include <algorithm>
#include <random>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/redis_calls.h"
#include "policy/limits/redis_counter.h"
#include "policy/limits/redis_endings.h"
#include "policy/limits/redis_use.h"

namespace postern {
namespace {

constexpr std::int64_t kRefused = 1;
constexpr std::chrono::seconds kDeskTimeout{5};
constexpr std::int64_t kMostGrant = 1'000'000'000'000;

std::int64_t ToUs(TimePoint time) {
  return std::chrono::floor<std::chrono::microseconds>(time)
      .time_since_epoch()
      .count();
}

// Charges of the same rule and key are one claim.
struct Claims {
  std::vector<RedisClaim> claims;
  std::vector<const LimitCharge*> charges;  // the first of each
};
Claims Merge(std::span<const LimitCharge> charges,
             const std::string& deployment) {
  Claims merged;
  std::vector<std::int64_t> costs;
  std::unordered_map<std::string_view, std::size_t> places;
  merged.claims.reserve(charges.size());  // places refers to their names
  for (const LimitCharge& charge : charges) {
    if (charge.rates_in_force().empty()) continue;  // not limited
    std::string name = RedisKeyOf(deployment, charge.rule->name, charge.key);
    // Sums beyond any burst stay beyond any burst.
    constexpr std::int64_t kMost = std::int64_t{1} << 61;
    const std::int64_t cost = std::clamp<std::int64_t>(charge.cost, 0, kMost);
    const auto place = places.find(name);
    if (place != places.end()) {
      std::int64_t& sum = costs[place->second];
      sum = std::min(sum + cost, kMost);
      continue;
    }
    RedisClaim& claim = merged.claims.emplace_back();
    claim.name = std::move(name);
    places.emplace(claim.name, costs.size());
    costs.push_back(cost);
    for (const LimitRate& rate : charge.rates_in_force())
      claim.terms.push_back(RedisTermsOf(rate));
    merged.charges.push_back(&charge);
  }
  for (std::size_t i = 0; i < costs.size(); ++i)
    merged.claims[i].ask = EncodeAsk(merged.claims[i].terms, costs[i]);
  return merged;
}

}  // namespace

struct RedisCounters::Shared {
  Shared(const RedisConfig& config, const Clock& its_clock, RedisTime time)
      : clock(its_clock),
        is_server_time(time == RedisTime::kServer),
        calls(config),
        endings(&calls) {}

  [[nodiscard]] std::int64_t NowUs() const {
    return is_server_time ? 0 : ToUs(clock.Now());
  }
  [[nodiscard]] std::string NewId() {
    const std::lock_guard lock(random_mutex);
    const std::uint64_t bits = random();
    std::string id;
    for (int shift = 0; shift < 64; shift += 8)
      id += static_cast<char>(bits >> shift & 0xff);
    return id;
  }

  const Clock& clock;
  const bool is_server_time;
  std::mutex random_mutex;  // guards random
  std::mt19937_64 random{(std::uint64_t{std::random_device()()} << 32) ^
                         std::random_device()()};
  RedisCalls calls;
  RedisEndings endings;
};

class RedisCounters::Held final : public Reservation {
 public:
  Held(std::shared_ptr<Shared> shared, RedisEnding ending)
      : shared_(std::move(shared)), ending_(std::move(ending)) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() override {
    // What was never reserved needs no cancelling.
    if (!is_committed_ && ending_.reserved_at_us != 0)
      End(RedisEnding::Kind::kCancel);
  }
  void Commit() override {
    if (!std::exchange(is_committed_, true)) End(RedisEnding::Kind::kCommit);
  }

 private:
  void End(RedisEnding::Kind kind) {
    ending_.kind = kind;
    ending_.now_us = shared_->NowUs();
    shared_->endings.Add(std::move(ending_));
  }

  std::shared_ptr<Shared> shared_;
  RedisEnding ending_;
  bool is_committed_ = false;
};

RedisCounters::RedisCounters(const RedisConfig& config, const Clock& clock,
                             RedisTime time)
    : shared_(std::make_shared<Shared>(config, clock, time)) {}

RedisCounters::~RedisCounters() = default;

namespace {

void TakeAnswer(const RedisReply& reply, const Claims& merged, TimePoint now,
                Limiter::Answer* answer) {
  const auto number = [&reply](std::size_t i) {
    return i < reply.elements.size() ? reply.elements[i].integer : 0;
  };
  const auto charge = [&](std::size_t i) -> const LimitCharge& {
    const auto place = static_cast<std::size_t>(number(i));
    return *merged.charges[std::min(place, merged.charges.size() - 1)];
  };
  const auto rate = [&](std::size_t i) {
    const auto rates = charge(i).rates_in_force();
    const auto place = static_cast<std::size_t>(number(i + 1));
    return place < rates.size() ? rates[place] : LimitRate{};
  };
  if (number(0) != kRefused) {
    for (std::size_t i = 2; i + 2 < reply.elements.size(); i += 3)
      answer->warnings.push_back({charge(i).rule->name, charge(i).key, rate(i),
                                  static_cast<int>(number(i + 2))});
    return;
  }
  LimitOverrun& overrun = answer->overrun.emplace();
  overrun.rule = charge(1).rule->name;
  overrun.key = charge(1).key;
  overrun.rate = rate(1);
  // A wait, so that the clocks of those who share it need not agree.
  if (number(3) == 0)
    overrun.retry_at = now + std::chrono::microseconds(number(4)) +
                       std::chrono::nanoseconds(number(5));
}

}  // namespace

Result<Limiter::Answer> RedisCounters::Reserve(
    std::span<const LimitCharge> charges) {
  Claims merged = Merge(charges, shared_->calls.config().deployment);
  const Deadline deadline = In(shared_->calls.config().timeout);
  for (bool is_again = false;; is_again = true) {
    RedisEnding ending{.id = shared_->NewId(), .now_us = shared_->NowUs()};
    const auto reply = shared_->calls.Run({.name = "reserve",
                                           .now_us = ending.now_us,
                                           .arguments = {ending.id},
                                           .claims = merged.claims},
                                          deadline);
    if (reply) {
      Limiter::Answer answer;
      TakeAnswer(*reply, merged, shared_->clock.Now(), &answer);
      if (answer.overrun) return answer;
      if (reply->elements.size() > 1)
        ending.reserved_at_us = reply->elements[1].integer;
      ending.claims = std::move(merged.claims);
      answer.reservation = std::make_shared<Held>(shared_, std::move(ending));
      return answer;
    }
    const RedisFault& fault = reply.error();
    if (fault.kind == RedisFault::Kind::kBroken) {
      // It may have been reserved all the same.
      ending.claims = merged.claims;
      shared_->endings.Add(std::move(ending));
      if (!is_again && std::chrono::steady_clock::now() < deadline) continue;
    }
    return Fail(fault.message);
  }
}

std::shared_ptr<Reservation> RedisCounters::ReserveLater(
    std::span<const LimitCharge> charges) {
  return std::make_shared<Held>(
      shared_,
      RedisEnding{
          .id = shared_->NewId(),
          .claims = Merge(charges, shared_->calls.config().deployment).claims});
}

Result<void> RedisCounters::Flush() {
  return shared_->endings.Flush(In(shared_->calls.config().timeout * 2));
}

Result<std::vector<LimitUse>> RedisCounters::Show(
    const Limiter::UseFilter& filter) {
  return ShowUse(&shared_->calls, filter,
                 {shared_->NowUs(), shared_->clock.Now(), In(kDeskTimeout)});
}

Result<void> RedisCounters::Grant(const LimitGrant& grant) {
  const auto left = std::chrono::floor<std::chrono::microseconds>(
      grant.expires_at - shared_->clock.Now());
  if (grant.units <= 0 || grant.units > kMostGrant || left.count() <= 0)
    return Fail(fmt::format(
        "a grant is of 1 to {} units and expires in the future", kMostGrant));
  const RedisClaim claim{.name = RedisKeyOf(shared_->calls.config().deployment,
                                            grant.rule, grant.key)};
  const auto reply = shared_->calls.Run(
      {.name = "grant",
       .now_us = shared_->NowUs(),
       .arguments = {std::to_string(grant.units), std::to_string(left.count())},
       .claims = {&claim, 1}},
      In(kDeskTimeout));
  if (!reply) return Fail(reply.error().message);
  return {};
}

Result<bool> RedisCounters::Clear(const std::string& rule,
                                  const std::string& key) {
  const std::string name =
      RedisKeyOf(shared_->calls.config().deployment, rule, key);
  const Deadline deadline = In(kDeskTimeout);
  const RedisCommand command = {"DEL", name};
  const auto replies = shared_->calls.Ask(
      [&](RedisConnection* connection) {
        return connection->Call({&command, 1}, deadline);
      },
      deadline);
  if (!replies) return Fail(replies.error().message);
  const RedisReply& reply = replies->front();
  if (reply.kind == RedisReply::Kind::kError)
    return Fail(shared_->calls.Explain(reply));
  return reply.integer > 0;
}

Result<RedisCounters::Size> RedisCounters::AskSize() {
  constexpr std::string_view kMemory = "used_memory_human:";
  const Deadline deadline = In(shared_->calls.config().timeout);
  const RedisCommand commands[] = {{"DBSIZE"}, {"INFO", "memory"}};
  const auto replies = shared_->calls.Ask(
      [&](RedisConnection* connection) {
        return connection->Call(commands, deadline);
      },
      deadline);
  if (!replies) return Fail(replies.error().message);
  for (const RedisReply& reply : *replies)
    if (reply.kind == RedisReply::Kind::kError)
      return Fail(shared_->calls.Explain(reply));
  Size size{.keys = replies->front().integer};
  for (const std::string_view line : Split(replies->back().text, '\n'))
    if (line.starts_with(kMemory))
      size.memory = Trim(line.substr(kMemory.size()));
  return size;
}

}  // namespace postern
