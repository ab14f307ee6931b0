#include "policy/limits/redis_use.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/redis_counter.h"

namespace postern {
namespace {

constexpr std::int64_t kLapseUs =
    std::chrono::microseconds(Limiter::kLapse).count();

struct Ranked {
  double share = 0;  // of the burst that is used most
  LimitUse use;
};

Meter ToMeter(const RedisMeter& meter) {
  return {.drained_at = meter.drained_at,
          .count = meter.terms.count,
          .period_ns = meter.terms.period_ns};
}

// What has lapsed and nobody came by since.
void Lapse(RedisCounter* counter, std::int64_t now_us) {
  std::erase_if(counter->open, [&](const RedisOpenCharge& charge) {
    if (charge.at_us + kLapseUs > now_us) return false;
    for (std::size_t i = 0; i < counter->meters.size(); ++i) {
      Meter meter = ToMeter(counter->meters[i]);
      GiveBack(&meter, charge.returnable[i], now_us * 1000);
      counter->meters[i].drained_at = meter.drained_at;
    }
    counter->granted += charge.from_grant;
    return true;
  });
}

Ranked UseOf(RedisCounter counter, RedisKeyParts name, std::int64_t now_us,
             TimePoint now) {
  Lapse(&counter, now_us);
  Ranked ranked;
  ranked.use.rule = std::move(name.rule);
  ranked.use.key = std::move(name.key);
  const std::int64_t now_ns = now_us * 1000;
  for (const RedisMeter& stored : counter.meters) {
    const Meter meter = ToMeter(stored);
    const RateTerms& terms = stored.terms;
    const Ticks debt = DebtAt(meter, now_ns);
    LimitUse::Rate& rate = ranked.use.rates.emplace_back();
    rate.rate = {terms.count,
                 std::chrono::seconds(terms.period_ns / 1'000'000'000),
                 terms.burst};
    rate.used = static_cast<std::int64_t>((debt + terms.period_ns - 1) /
                                          terms.period_ns);
    rate.free_at = now + std::chrono::nanoseconds(std::max<std::int64_t>(
                             DrainedAtNs(meter) - now_ns, 0));
    ranked.share = std::max(
        ranked.share, static_cast<double>(debt) /
                          std::max(static_cast<double>(FullDebt(terms)), 1.0));
  }
  ranked.use.reserved = static_cast<std::int64_t>(counter.open.size());
  if (counter.granted > 0 && now_us < counter.grant_expires_us) {
    ranked.use.granted = counter.granted;
    ranked.use.grant_expires_at =
        now + std::chrono::microseconds(counter.grant_expires_us - now_us);
  }
  return ranked;
}

bool IsIdle(const LimitUse& use) {
  return use.granted == 0 && use.reserved == 0 &&
         std::ranges::all_of(use.rates, [](const LimitUse::Rate& rate) {
           return rate.used == 0;
         });
}

// One walk over the keys.
class Walk {
 public:
  Walk(RedisCalls* calls, const Limiter::UseFilter& filter, const ShowAt& at)
      : calls_(calls), filter_(filter), at_(at) {}

  Result<std::vector<LimitUse>> Run() {
    const auto clock =
        calls_->Run({.name = "now", .now_us = at_.now_us}, at_.deadline);
    if (!clock) return Fail(clock.error().message);
    now_us_ = clock->elements.size() > 1 ? clock->elements[1].integer : 0;
    std::string cursor = "0";
    do {
      const Result<void> stepped = Step(&cursor);
      if (!stepped) return std::unexpected(stepped.error());
    } while (cursor != "0");
    Trim();
    std::vector<LimitUse> uses;
    for (Ranked& ranked : found_) uses.push_back(std::move(ranked.use));
    return uses;
  }

 private:
  Result<std::vector<RedisReply>> Call(std::span<const RedisCommand> commands) {
    auto replies = calls_->Ask(
        [&](RedisConnection* connection) {
          return connection->Call(commands, at_.deadline);
        },
        at_.deadline);
    if (!replies) return Fail(replies.error().message);
    return std::move(*replies);
  }

  Result<void> Step(std::string* cursor) {
    const std::string pattern =
        RedisKeyPrefix(calls_->config().deployment) + "limit:*";
    const RedisCommand scan = {"SCAN",  *cursor, "MATCH",
                               pattern, "COUNT", "1000"};
    const auto scanned = Call({&scan, 1});
    if (!scanned) return std::unexpected(scanned.error());
    const RedisReply& page = scanned->front();
    if (page.elements.size() != 2) return Fail(calls_->Explain(page));
    *cursor = page.elements[0].text;
    return Look(page.elements[1].elements);
  }

  Result<void> Look(const std::vector<RedisReply>& names) {
    std::vector<RedisCommand> gets;
    std::vector<RedisKeyParts> parts;
    for (const RedisReply& name : names) {
      auto split = SplitRedisKey(calls_->config().deployment, name.text);
      if (!split || !IsWanted(*split) || !seen_.insert(name.text).second)
        continue;
      gets.push_back({"GET", name.text});
      parts.push_back(std::move(*split));
    }
    if (gets.empty()) return {};
    const auto states = Call(gets);
    if (!states) return std::unexpected(states.error());
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::optional<RedisCounter> counter = DecodeCounter((*states)[i].text);
      if (!counter) continue;
      Ranked ranked =
          UseOf(std::move(*counter), std::move(parts[i]), now_us_, at_.now);
      if (!IsIdle(ranked.use)) found_.push_back(std::move(ranked));
    }
    if (found_.size() > 2 * filter_.most + 1'000) Trim();
    return {};
  }

  [[nodiscard]] bool IsWanted(const RedisKeyParts& parts) const {
    return (filter_.rule.empty() || parts.rule == filter_.rule) &&
           Contains(parts.key, filter_.key);
  }

  // The most used first, and no more than were asked for.
  void Trim() {
    std::ranges::sort(found_, [](const Ranked& a, const Ranked& b) {
      return std::tie(b.share, a.use.rule, a.use.key) <
             std::tie(a.share, b.use.rule, b.use.key);
    });
    if (found_.size() > filter_.most) found_.resize(filter_.most);
  }

  RedisCalls* calls_;
  const Limiter::UseFilter& filter_;
  const ShowAt& at_;
  std::int64_t now_us_ = 0;
  std::set<std::string> seen_;  // SCAN may name a key twice
  std::vector<Ranked> found_;
};

}  // namespace

Result<std::vector<LimitUse>> ShowUse(RedisCalls* calls,
                                      const Limiter::UseFilter& filter,
                                      const ShowAt& at) {
  return Walk(calls, filter, at).Run();
}

}  // namespace postern
