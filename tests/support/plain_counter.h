// The plain reference of the limiter: each counter as levels that leak.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/limits/limiter.h"

namespace postern {

using std::chrono::seconds;
using Wide = __int128;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kLapse =
    std::chrono::nanoseconds(Limiter::kLapse).count();
inline const TimePoint kStart{seconds(1'800'000'000)};

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
    if (rates_.empty() || IsFresh()) return Settle(rates, now);
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
    for (const Open& open : open_) GiveBack(open);
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
    const auto used = [&](Wide level) {
      return CeilDivide(level, Unit(rates_[rate]));
    };
    const Wide full = rates_[rate].burst;
    for (const int percent : {100, 90, 80}) {
      if (used(before) * 100 >= full * percent ||
          used(levels_[rate]) * 100 < full * percent)
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

}  // namespace postern
