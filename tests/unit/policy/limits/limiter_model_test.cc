// The limiter against a plain reference, over random operations: charges of
// several counters, commits, cancels, lapses, grants, clears, changed rates,
// clock steps, restarts and crashes. POSTERN_MODEL_STEPS says how many.
#include <cstdlib>
#include <filesystem>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "policy/limits/embedded_limiter.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using std::chrono::seconds;
using Wide = __int128;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLapse =
    std::chrono::nanoseconds(Limiter::kLapse).count();
const TimePoint kStart{seconds(1'800'000'000)};

struct Ask {
  std::size_t rule;
  std::string key;
  std::int64_t cost;
};
using Asks = std::vector<Ask>;

Wide CeilDivide(Wide value, Wide by) { return (value + by - 1) / by; }
Wide Unit(const LimitRate& rate) {
  return static_cast<Wide>(rate.period.count()) * kSecond;
}

// One (rule, key): for each rate a level that leaks, and what a cancelled
// charge gives back by the rule in counter.h. Units times the period.
class PlainCounter {
 public:
  void Leak(std::int64_t now) {
    for (std::size_t i = 0; i < levels_.size(); ++i)
      levels_[i] = std::max<Wide>(
          levels_[i] - static_cast<Wide>(now - at_) * rates_[i].count, 0);
    at_ = now;
  }
  void Settle(const std::vector<LimitRate>& rates, std::int64_t now) {
    Leak(now);
    if (!Fits(rates)) Convert(rates);
    rates_ = rates;
    Lapse();
  }
  void SettleForEnd(const std::vector<LimitRate>& rates, std::int64_t now) {
    Leak(now);
    if (IsFresh()) return Settle(rates, now);
    Lapse();
  }
  // Admitted, or when it would be: never is kNever.
  static constexpr std::int64_t kNever = INT64_MAX;
  std::optional<std::int64_t> Refuses(std::int64_t cost) const {
    std::optional<std::int64_t> worst;
    for (std::size_t i = 0; i < rates_.size() && cost > 0; ++i) {
      const Wide excess =
          levels_[i] + (cost - rates_[i].burst) * Unit(rates_[i]);
      if (excess <= 0) continue;
      const std::int64_t when =
          cost > rates_[i].burst ? kNever
                                 : at_ + static_cast<std::int64_t>(CeilDivide(
                                             excess, rates_[i].count));
      worst = std::max(worst.value_or(when), when);
    }
    if (worst && at_ < expires_ && cost <= granted_) return std::nullopt;
    return worst;
  }
  std::vector<int> Reserve(int id, std::int64_t cost) {
    bool is_over = false;
    for (std::size_t i = 0; i < rates_.size() && cost > 0; ++i)
      is_over |= levels_[i] + (cost - rates_[i].burst) * Unit(rates_[i]) > 0;
    open_.push_back(
        {id, at_, is_over ? cost : 0, std::vector<Wide>(rates_.size(), 0)});
    if (is_over) {
      granted_ -= cost;
      return {};
    }
    Narrow();
    std::vector<int> percents;
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const Wide before = levels_[i];
      levels_[i] += cost * Unit(rates_[i]);
      open_.back().back[i] = levels_[i] - before;
      if (const int percent = Warn(i, before)) percents.push_back(percent);
    }
    return percents;
  }
  void End(int id, std::int64_t cost, bool is_cancelled) {
    const auto open = std::find_if(open_.begin(), open_.end(),
                                   [id](const Open& o) { return o.id == id; });
    if (open != open_.end()) {
      if (is_cancelled) GiveBack(*open);
      open_.erase(open);
      return;
    }
    if (is_cancelled) return;
    Narrow();
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      const Wide full = rates_[i].burst * Unit(rates_[i]);
      levels_[i] = std::min(levels_[i] + cost * Unit(rates_[i]), full);
    }
  }
  void Grant(std::int64_t units, std::int64_t expires) {
    granted_ = units;
    expires_ = expires;
    for (Open& open : open_) open.from_grant = 0;
  }
  // On disk a level ends at a whole nanosecond, and nothing is reserved.
  void Restart(std::int64_t now) {
    Leak(now);
    for (std::size_t i = 0; i < levels_.size(); ++i)
      levels_[i] = CeilDivide(levels_[i], rates_[i].count) * rates_[i].count;
    open_.clear();
    told_.clear();
  }
  std::vector<std::int64_t> Used() const {
    std::vector<std::int64_t> used;
    for (std::size_t i = 0; i < rates_.size(); ++i)
      used.push_back(
          static_cast<std::int64_t>(CeilDivide(levels_[i], Unit(rates_[i]))));
    return used;
  }
  bool IsUsed() const {
    return std::any_of(levels_.begin(), levels_.end(),
                       [](Wide level) { return level > 0; });
  }
  // What the limiter may have forgotten.
  bool IsFresh() const {
    for (const Open& open : open_)
      if (open.at + kLapse > at_ || (open.from_grant > 0 && at_ < expires_))
        return false;
    for (const auto& [step, at] : told_)
      if (at_ - at < rates_[step.first].period.count() * kSecond) return false;
    return !IsUsed() && granted() == 0;
  }
  std::int64_t granted() const { return at_ < expires_ ? granted_ : 0; }

 private:
  struct Open {
    int id;
    std::int64_t at;
    std::int64_t from_grant;
    std::vector<Wide> back;
  };
  bool Fits(const std::vector<LimitRate>& rates) const {
    if (rates.size() != rates_.size()) return false;
    for (std::size_t i = 0; i < rates.size(); ++i)
      if (rates[i].count != rates_[i].count ||
          rates[i].period != rates_[i].period ||
          levels_[i] > rates[i].burst * Unit(rates[i]))
        return false;
    return true;
  }
  std::size_t Nearest(const std::vector<LimitRate>& rates,
                      std::size_t place) const {
    const auto distance = [&](std::size_t i) {
      const double from = static_cast<double>(rates_[i].period.count());
      const double to = static_cast<double>(rates[place].period.count());
      return std::max(from, to) / std::min(from, to);
    };
    std::size_t nearest = std::min(place, rates_.size() - 1);
    for (std::size_t i = 0; i < rates_.size(); ++i)
      if (distance(i) < distance(nearest)) nearest = i;
    return nearest;
  }
  void Convert(const std::vector<LimitRate>& rates) {
    told_.clear();
    std::vector<Wide> levels(rates.size(), 0);
    std::vector<std::vector<Wide>> backs(open_.size(),
                                         std::vector<Wide>(rates.size(), 0));
    for (std::size_t i = 0; i < rates.size() && !rates_.empty(); ++i) {
      const std::size_t from = Nearest(rates, i);
      levels[i] = std::min(
          CeilDivide(levels_[from] * Unit(rates[i]), Unit(rates_[from])),
          rates[i].burst * Unit(rates[i]));
      for (std::size_t n = 0; n < open_.size(); ++n)
        backs[n][i] = open_[n].back[from] * Unit(rates[i]) / Unit(rates_[from]);
    }
    levels_ = levels;
    for (std::size_t n = 0; n < open_.size(); ++n) open_[n].back = backs[n];
  }
  void Lapse() {
    while (!open_.empty() && open_.front().at + kLapse <= at_) {
      GiveBack(open_.front());
      open_.erase(open_.begin());
    }
  }
  void GiveBack(const Open& open) {
    for (std::size_t i = 0; i < levels_.size(); ++i)
      levels_[i] -= std::min(open.back[i], levels_[i]);
    granted_ += open.from_grant;
  }
  void Narrow() {
    for (std::size_t i = 0; i < rates_.size(); ++i) {
      Wide left = levels_[i];
      for (auto open = open_.rbegin(); open != open_.rend(); ++open) {
        open->back[i] = std::min(open->back[i], left);
        left -= open->back[i];
      }
    }
  }
  int Warn(std::size_t rate, Wide before) {
    const Wide full = rates_[rate].burst * Unit(rates_[rate]);
    for (const int percent : {100, 90, 80}) {
      if (before * 100 >= full * percent ||
          levels_[rate] * 100 < full * percent)
        continue;
      const auto told = told_.find({rate, percent});
      if (told != told_.end() &&
          at_ - told->second < rates_[rate].period.count() * kSecond)
        return 0;
      for (const int lower : {80, 90, 100})
        if (lower <= percent) told_[{rate, lower}] = at_;
      return percent;
    }
    return 0;
  }

  std::vector<LimitRate> rates_;
  std::vector<Wide> levels_;
  std::int64_t at_ = 0;
  std::vector<Open> open_;
  std::map<std::pair<std::size_t, int>, std::int64_t> told_;
  std::int64_t granted_ = 0;
  std::int64_t expires_ = 0;
};

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
