// The limiter against a plain reference, over random operations.
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "policy/limits/limiter.h"

namespace postern {
namespace {

using std::chrono::seconds;

const TimePoint kStart{seconds(1'800'000'000)};

LimitRule Rule(std::string name, std::vector<LimitRate> rates) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = std::move(rates);
  return rule;
}

// The plain reference: every charge by itself as a level that leaks, and what
// a cancelled one gives back by the rule in counter.h.
class Reference {
 public:
  bool Reserve(const LimitRule& rule, const std::string& key, std::int64_t cost,
               std::int64_t now, int id) {
    std::vector<Level>& levels = levels_[rule.name + "/" + key];
    levels.resize(rule.rates.size());
    for (std::size_t i = 0; i < levels.size(); ++i) {
      Leak(rule.rates[i], &levels[i], now);
      const LimitRate& rate = rule.rates[i];
      if (levels[i].level + cost * Unit(rate) > rate.burst * Unit(rate))
        return false;
    }
    for (std::size_t i = 0; i < levels.size(); ++i) {
      __int128 left = levels[i].level;
      for (auto open = levels[i].open.rbegin(); open != levels[i].open.rend();
           ++open) {
        open->second = std::min(open->second, left);
        left -= open->second;
      }
      levels[i].level += cost * Unit(rule.rates[i]);
      levels[i].open.emplace_back(id, cost * Unit(rule.rates[i]));
    }
    return true;
  }
  void End(const LimitRule& rule, const std::string& key, int id,
           std::int64_t now, bool is_cancelled) {
    std::vector<Level>& levels = levels_[rule.name + "/" + key];
    for (std::size_t i = 0; i < levels.size(); ++i) {
      Leak(rule.rates[i], &levels[i], now);
      for (auto& [open, back] : levels[i].open)
        if (open == id && is_cancelled)
          levels[i].level -= std::min(back, levels[i].level);
      std::erase_if(levels[i].open,
                    [id](const auto& open) { return open.first == id; });
    }
  }

 private:
  struct Level {
    __int128 level = 0;  // units times the period
    std::int64_t at = 0;
    std::vector<std::pair<int, __int128>> open;
  };
  static __int128 Unit(const LimitRate& rate) {
    return static_cast<__int128>(rate.period.count()) * 1'000'000'000;
  }
  static void Leak(const LimitRate& rate, Level* level, std::int64_t now) {
    const __int128 leaked = static_cast<__int128>(now - level->at) * rate.count;
    level->level = level->level > leaked ? level->level - leaked : 0;
    level->at = now;
  }
  std::map<std::string, std::vector<Level>> levels_;
};

struct OpenReservation {
  const LimitRule* rule;
  std::string key;
  int id;
  std::shared_ptr<Reservation> reservation;
};

TEST(Limiter, AgreesWithAPlainReference) {
  std::mt19937_64 random(7);
  ManualClock clock(kStart);
  const auto limiter = std::move(Limiter::Open("", clock).value());
  const std::vector<LimitRule> rules = {
      Rule("a", {{7, seconds(60), 5}}),
      Rule("b", {{3, seconds(10), 3}, {20, seconds(600), 13}}),
      Rule("c", {{1000, seconds(7), 1}})};
  Reference reference;
  std::vector<OpenReservation> open;
  for (int step = 0; step < 150'000; ++step) {
    const std::int64_t now = clock.Now().time_since_epoch().count();
    const LimitRule& rule = rules[random() % rules.size()];
    const std::string key(1, static_cast<char>('a' + random() % 3));
    if (random() % 3 != 0) {
      const LimitCharge charge{&rule, key,
                               static_cast<std::int64_t>(random() % 4)};
      auto answer = limiter->Reserve({&charge, 1});
      ASSERT_EQ(answer.reservation != nullptr,
                reference.Reserve(rule, key, charge.cost, now, step))
          << step;
      if (answer.reservation)
        open.push_back({&rule, key, step, std::move(answer.reservation)});
    }
    // A few stay open for long, but none so long that it lapses.
    while (open.size() > 5 || (!open.empty() && random() % 2 == 0)) {
      const auto chosen =
          open.begin() + static_cast<std::ptrdiff_t>(random() % open.size());
      const bool is_cancelled = random() % 2 == 0;
      reference.End(*chosen->rule, chosen->key, chosen->id, now, is_cancelled);
      if (!is_cancelled) chosen->reservation->Commit();
      open.erase(chosen);
    }
    clock.Advance(std::chrono::nanoseconds(random() % 2'000'000'000));
  }
}

}  // namespace
}  // namespace postern
