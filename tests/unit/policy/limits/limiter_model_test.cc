// The limiter against a plain reference, over random operations: charges of
// several counters, commits, cancels, lapses, grants, clears, changed rates,
// clock steps, restarts and crashes. POSTERN_MODEL_STEPS says how many.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "policy/limits/embedded_limiter.h"
#include "tests/support/plain_counter.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

// The limiter and the reference, side by side.
class Pair {
 public:
  explicit Pair(bool is_on_disk) {
    if (is_on_disk) directory_ = std::make_unique<ScratchDirectory>();
    Open();
  }

  void Step(int step) {
    const std::int64_t before = now();
    switch (random_() % 64) {
      case 0:
        return ChangeRates();
      case 1:
        return Grant();
      case 2:
        return Clear();
      case 3:
        return StepClock();
      case 4:
        return Compare();
      case 5:
        EXPECT_TRUE(limiter_->Flush());
        break;
      case 6:
        if (directory_ && random_() % 50 == 0) return Restart();
        break;
      case 7:
        if (directory_ && random_() % 50 == 0) return Crash();
        break;
      default:
        Reserve(step);
    }
    EndSome();
    clock_.Advance(std::chrono::nanoseconds(random_() % (2 * kSecond)));
    EXPECT_GE(now(), before);
  }

 private:
  using Name = std::pair<std::size_t, std::string>;
  struct Reserved {
    Asks asks;
    std::vector<std::vector<LimitRate>> rates;  // as they were
    int id;
    std::shared_ptr<Reservation> reservation;
  };

  std::int64_t now() const {
    return clock_.Now().time_since_epoch().count() + ahead_;
  }
  PlainCounter& CounterOf(const Ask& ask) {
    return counters_[{ask.rule, ask.key}];
  }
  void Open() {
    auto limiter = EmbeddedLimiter::Open(directory_ ? directory_->name() : "",
                                         clock_, {.writes_by_itself = false});
    ASSERT_TRUE(limiter) << limiter.error().message;
    limiter_ = std::move(*limiter);
  }

  void Reserve(int step) {
    Asks asks;  // distinct
    std::vector<LimitCharge> charges;
    for (std::size_t n = random_() % 3 + 1; n > 0; --n) {
      const Ask ask{random_() % rules_.size(),
                    std::string(1, static_cast<char>('a' + random_() % 3)),
                    static_cast<std::int64_t>(random_() % 4)};
      charges.push_back({&rules_[ask.rule], ask.key, ask.cost});
      const auto same = std::find_if(asks.begin(), asks.end(), [&](auto& a) {
        return a.rule == ask.rule && a.key == ask.key;
      });
      if (same != asks.end()) {
        same->cost += ask.cost;
      } else {
        asks.push_back(ask);
      }
    }
    auto answer = limiter_->Reserve(charges);
    std::optional<std::int64_t> worst;
    for (const Ask& ask : asks) {
      CounterOf(ask).Settle(rules_[ask.rule].rates, now());
      if (const auto when = CounterOf(ask).Refuses(ask.cost))
        worst = std::max(worst.value_or(*when), *when);
    }
    ASSERT_EQ(answer.overrun.has_value(), worst.has_value());
    if (worst) {
      const auto retry = answer.overrun->retry_at;
      ASSERT_EQ(retry ? retry->time_since_epoch().count() + ahead_
                      : PlainCounter::kNever,
                *worst);
      return;
    }
    std::vector<int> percents, told;
    Reserved reserved{asks, {}, step, std::move(answer.reservation)};
    for (const Ask& ask : asks) {
      for (const int percent : CounterOf(ask).Reserve(step, ask.cost))
        percents.push_back(percent);
      reserved.rates.push_back(rules_[ask.rule].rates);
    }
    for (const LimitWarning& warning : answer.warnings)
      told.push_back(warning.percent);
    ASSERT_EQ(told, percents);
    open_.push_back(std::move(reserved));
  }

  void EndSome() {
    while (open_.size() > 6 || (!open_.empty() && random_() % 2 == 0)) {
      const auto chosen =
          open_.begin() + static_cast<std::ptrdiff_t>(random_() % open_.size());
      const bool is_cancelled = random_() % 2 == 0;
      for (std::size_t i = 0; i < chosen->asks.size(); ++i) {
        const Ask& ask = chosen->asks[i];
        CounterOf(ask).SettleForEnd(chosen->rates[i], now());
        CounterOf(ask).End(chosen->id, ask.cost, is_cancelled);
      }
      if (!is_cancelled) chosen->reservation->Commit();
      open_.erase(chosen);
    }
  }

  void ChangeRates() {
    constexpr std::array<std::int64_t, 5> kPeriods = {7, 10, 60, 600, 3600};
    std::vector<LimitRate>& rates = rules_[random_() % rules_.size()].rates;
    rates.resize(random_() % 3 + 1);
    for (LimitRate& rate : rates) {
      rate.count = static_cast<std::int64_t>(random_() % 30 + 1);
      rate.period = seconds(kPeriods[random_() % kPeriods.size()]);
      rate.burst = static_cast<std::int64_t>(random_() % 20 + 1);
    }
  }

  Ask AnyAsk() {
    return {random_() % rules_.size(),
            std::string(1, static_cast<char>('a' + random_() % 3)), 0};
  }
  void Grant() {
    const Ask ask = AnyAsk();
    const auto units = static_cast<std::int64_t>(random_() % 9 + 1);
    const auto expires =
        clock_.Now() + seconds(static_cast<std::int64_t>(random_() % 900 + 1));
    ASSERT_TRUE(
        limiter_->Grant({rules_[ask.rule].name, ask.key, units, expires}));
    CounterOf(ask).Grant(units, expires.time_since_epoch().count() + ahead_);
  }
  void Clear() {
    const Ask ask = AnyAsk();
    CounterOf(ask).Leak(now());
    const bool was_used = CounterOf(ask).IsUsed();
    const auto cleared = limiter_->Clear(rules_[ask.rule].name, ask.key);
    ASSERT_TRUE(cleared);
    ASSERT_TRUE(!was_used || *cleared);
    counters_.erase({ask.rule, ask.key});
  }

  // Back, or forward beyond what lapses and drains.
  void StepClock() {
    const std::int64_t step =
        static_cast<std::int64_t>(random_() % 2'000) * kSecond;
    if (random_() % 2 == 0) {
      clock_.Advance(std::chrono::nanoseconds(step));
      return;
    }
    (void)limiter_->Show({});  // it sees the time before, and that after
    clock_.Advance(-std::chrono::nanoseconds(step));
    (void)limiter_->Show({});
    ahead_ += step;
  }

  void Compare() {
    std::map<Name, LimitUse> shown;
    const std::vector<LimitUse> uses = limiter_->Show({}).value();
    for (const LimitUse& use : uses)
      shown[{static_cast<std::size_t>(use.rule[0] - 'a'), use.key}] = use;
    for (auto& [name, counter] : counters_) {
      counter.Leak(now());
      if (!counter.IsUsed() && counter.granted() == 0) continue;
      ASSERT_TRUE(shown.contains(name));
      const LimitUse& use = shown[name];
      std::vector<std::int64_t> used;
      for (const LimitUse::Rate& rate : use.rates) used.push_back(rate.used);
      if (counter.IsUsed()) {
        ASSERT_EQ(used, counter.Used());
      }
      ASSERT_EQ(use.granted, counter.granted());
    }
  }

  void Restart() {
    const std::int64_t limit_now = now();
    limiter_.reset();
    Open();
    StartAnew(limit_now);
  }
  // What the journal and the store have at this moment, and nothing else.
  void Crash() {
    if (ahead_ != 0) return;  // time may go back to what was written last
    auto crashed = std::make_unique<ScratchDirectory>();
    std::filesystem::copy(directory_->name(), crashed->name(),
                          std::filesystem::copy_options::overwrite_existing);
    const std::int64_t limit_now = now();
    limiter_.reset();
    directory_ = std::move(crashed);
    Open();
    StartAnew(limit_now);
  }
  void StartAnew(std::int64_t limit_now) {
    open_.clear();
    const std::int64_t wall = clock_.Now().time_since_epoch().count();
    ahead_ = std::max<std::int64_t>(limit_now - wall, 0);
    for (auto& [name, counter] : counters_) counter.Restart(now());
  }

  std::mt19937_64 random_{7};
  ManualClock clock_{kStart};
  std::int64_t ahead_ = 0;  // of the limiter's time
  std::vector<LimitRule> rules_ = {
      {.name = "a", .rates = {{7, seconds(60), 5}}},
      {.name = "b", .rates = {{3, seconds(10), 3}, {20, seconds(600), 13}}},
      {.name = "c", .rates = {{1000, seconds(7), 1}}}};
  std::unique_ptr<ScratchDirectory> directory_;  // null: in memory
  std::unique_ptr<EmbeddedLimiter> limiter_;
  std::map<Name, PlainCounter> counters_;
  std::vector<Reserved> open_;
};

int Steps(int by_default) {
  const char* wanted = std::getenv("POSTERN_MODEL_STEPS");
  return wanted != nullptr ? std::atoi(wanted) : by_default;
}

void Agree(bool is_on_disk, int steps) {
  Pair pair(is_on_disk);
  for (int step = 0; step < steps; ++step) {
    pair.Step(step);
    ASSERT_FALSE(testing::Test::HasFailure()) << "step " << step;
  }
}

TEST(Limiter, AgreesWithAPlainReference) { Agree(false, Steps(100'000)); }

TEST(Limiter, AgreesWithAPlainReferenceOverRestartsAndCrashes) {
  Agree(true, Steps(6'000));
}

}  // namespace
}  // namespace postern
