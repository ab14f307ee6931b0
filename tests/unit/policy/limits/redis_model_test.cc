// The counters in Redis against the embedded ones: the same random operations
// at the same times have the same answers. POSTERN_MODEL_STEPS says how many.
#include <cstdlib>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "policy/limits/redis_counters.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;

const TimePoint kStart{seconds(1'800'000'000)};

LimitRule Rule(std::string name, std::vector<LimitRate> rates) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = std::move(rates);
  return rule;
}

// One reservation with both.
struct Twin {
  std::shared_ptr<Reservation> embedded, redis;
};

class RedisModel : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    server_ = std::make_unique<RedisServer>();
    counters_ = std::make_unique<RedisCounters>(server_->Config(), clock_,
                                                RedisTime::kClock);
    embedded_ = std::move(Limiter::Open("", clock_).value());
  }

  // Both say the same; what is admitted is open.
  void Reserve(std::span<const LimitCharge> charges) {
    const Limiter::Answer wanted = embedded_->Reserve(charges);
    const Result<Limiter::Answer> got = counters_->Reserve(charges);
    ASSERT_TRUE(got) << got.error().message;
    ASSERT_EQ(got->overrun.has_value(), wanted.overrun.has_value());
    if (wanted.overrun) {
      ASSERT_EQ(got->overrun->rule, wanted.overrun->rule);
      ASSERT_EQ(got->overrun->key, wanted.overrun->key);
      ASSERT_EQ(got->overrun->rate, wanted.overrun->rate);
      ASSERT_EQ(got->overrun->retry_at, wanted.overrun->retry_at);
      return;
    }
    ASSERT_EQ(Told(*got), Told(wanted));
    open_.push_back({wanted.reservation, got->reservation});
  }

  // The warnings, in any order.
  static std::multiset<std::string> Told(const Limiter::Answer& answer) {
    std::multiset<std::string> told;
    for (const LimitWarning& warning : answer.warnings)
      told.insert(fmt::format("{} {} {}/{} {}", warning.rule, warning.key,
                              warning.rate.count, warning.rate.period.count(),
                              warning.percent));
    return told;
  }

  void Grant(const LimitRule& rule) {
    const LimitGrant grant{rule.name, AnyKey(),
                           static_cast<std::int64_t>(1 + random_() % 9),
                           clock_.Now() + seconds(1 + random_() % 900)};
    ASSERT_TRUE(embedded_->Grant(grant));
    ASSERT_TRUE(counters_->Grant(grant));
  }

  void EndOne() {
    const auto chosen =
        open_.begin() + static_cast<std::ptrdiff_t>(random_() % open_.size());
    if (random_() % 2 == 0) {
      chosen->embedded->Commit();
      chosen->redis->Commit();
    }
    open_.erase(chosen);
    const Result<void> told = counters_->Flush();
    ASSERT_TRUE(told) << told.error().message;
  }

  std::string AnyKey() {
    return std::string(1, static_cast<char>('a' + random_() % 3));
  }

  std::vector<LimitCharge> Some(const std::vector<LimitRule>& rules) {
    std::vector<LimitCharge> charges;
    const std::size_t count = 1 + random_() % 4;
    for (std::size_t i = 0; i < count; ++i)
      charges.push_back({&rules[random_() % rules.size()], AnyKey(),
                         static_cast<std::int64_t>(random_() % 5)});
    return charges;
  }

  std::mt19937_64 random_{7};
  ManualClock clock_{kStart};
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<RedisCounters> counters_;
  std::unique_ptr<Limiter> embedded_;
  std::vector<Twin> open_;
};

int Steps() {
  const char* steps = std::getenv("POSTERN_MODEL_STEPS");
  return steps != nullptr ? std::atoi(steps) : 10'000;
}

TEST_F(RedisModel, AgreesWithTheEmbeddedCounters) {
  const std::vector<LimitRule> rules = {
      Rule("a", {{7, seconds(60), 5}}),
      Rule("b", {{3, seconds(10), 3}, {20, seconds(600), 13}}),
      Rule("c", {{1000, seconds(7), 1}}),
      Rule("d", {{999'999'999'989, seconds(86'400), 7}}),
      // Rarely over, with much open: less of it is left, or most.
      Rule("e", {{1'001, seconds(600), 1'000}}),
      Rule("f", {{53, seconds(3'600), 1'000}})};
  for (int step = 0; step < Steps() && !HasFatalFailure(); ++step) {
    Reserve(Some(rules));
    if (random_() % 100 == 0) Grant(rules[random_() % rules.size()]);
    while (!HasFatalFailure() &&
           (open_.size() > 9 || (!open_.empty() && random_() % 2 == 0)))
      EndOne();
    // Sometimes for so long that what is open lapses, sometimes back.
    if (random_() % 500 == 0) clock_.Advance(seconds(700));
    if (random_() % 200 == 0) clock_.Advance(-seconds(random_() % 5'000));
    clock_.Advance(microseconds(random_() % 2'000'000));
  }
}

TEST_F(RedisModel, AgreesWhenRatesChange) {
  for (int step = 0; step < Steps() / 30 && !HasFatalFailure(); ++step) {
    std::vector<LimitRule> rules;
    for (const char* name : {"a", "b", "c"}) {
      std::vector<LimitRate> rates;
      const std::size_t count = 1 + random_() % 3;
      for (std::size_t i = 0; i < count; ++i) {
        const auto units = static_cast<std::int64_t>(1 + random_() % 30);
        rates.push_back({units, seconds(1 + random_() % 4'000),
                         static_cast<std::int64_t>(1 + random_() % 30)});
      }
      rules.push_back(Rule(name, std::move(rates)));
    }
    for (int i = 0; i < 20 && !HasFatalFailure(); ++i) {
      Reserve(Some(rules));
      if (!open_.empty() && random_() % 2 == 0) EndOne();
      clock_.Advance(microseconds(random_() % 9'000'000));
    }
    // The embedded ones convert to what a reservation was made with.
    while (!open_.empty() && !HasFatalFailure()) EndOne();
  }
}

}  // namespace
}  // namespace postern
