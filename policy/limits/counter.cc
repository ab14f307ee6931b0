#include "policy/limits/counter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "policy/limits/limiter.h"

namespace postern {
namespace {

constexpr std::int64_t kLapseNs =
    std::chrono::nanoseconds(Limiter::kLapse).count();

double Distance(const Meter& meter, const RateTerms& terms) {
  return std::abs(std::log(static_cast<double>(meter.period_ns)) -
                  std::log(static_cast<double>(terms.period_ns)));
}

// Between equals, the one at the same place.
std::size_t NearestMeter(const std::vector<Meter>& meters,
                         const RateTerms& terms, std::size_t place) {
  std::size_t nearest = std::min(place, meters.size() - 1);
  for (std::size_t i = 0; i < meters.size(); ++i)
    if (Distance(meters[i], terms) < Distance(meters[nearest], terms))
      nearest = i;
  return nearest;
}

// Ticks of one meter in those of another: the same share of a unit, rounded
// down, because they are given back.
Ticks Scale(Ticks ticks, const Meter& from, const RateTerms& to) {
  const Ticks units = ticks / from.period_ns;
  const Ticks rest = ticks % from.period_ns;
  return units * to.period_ns + rest * to.period_ns / from.period_ns;
}

}  // namespace

void Counter::Settle(std::span<const RateTerms> terms, std::int64_t now_ns) {
  ConvertMeters(terms, now_ns);
  Lapse(now_ns);
}

void Counter::ConvertMeters(std::span<const RateTerms> terms,
                            std::int64_t now_ns) {
  const auto fits = [now_ns](const Meter& meter, const RateTerms& wanted) {
    return meter.count == wanted.count && meter.period_ns == wanted.period_ns &&
           DebtAt(meter, now_ns) <= FullDebt(wanted);
  };
  if (std::equal(meters_.begin(), meters_.end(), terms.begin(), terms.end(),
                 fits))
    return;
  const std::vector<Meter> meters = std::exchange(meters_, {});
  for (const RateTerms& wanted : terms) {
    if (meters.empty()) {
      meters_.push_back(FreshMeter(wanted));
      continue;
    }
    const Meter& source = meters[NearestMeter(meters, wanted, meters_.size())];
    meters_.push_back(Convert(source, wanted, now_ns));
  }
  ConvertReturnables(meters, terms);
}

void Counter::ConvertReturnables(const std::vector<Meter>& meters,
                                 std::span<const RateTerms> terms) {
  for (OpenCharge& charge : open_) {
    std::vector<Ticks> converted;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      const std::size_t source = NearestMeter(meters, terms[i], i);
      converted.push_back(
          Scale(charge.returnable[source], meters[source], terms[i]));
    }
    charge.returnable = std::move(converted);
  }
}

void Counter::Lapse(std::int64_t now_ns) {
  while (!open_.empty() && open_.front().at_ns + kLapseNs <= now_ns)
    Cancel(open_.front().id, now_ns);
}

void Counter::NarrowReturnables(std::int64_t now_ns) {
  for (std::size_t i = 0; i < meters_.size(); ++i) {
    Ticks left = DebtAt(meters_[i], now_ns);
    for (auto charge = open_.rbegin(); charge != open_.rend(); ++charge) {
      Ticks& returnable = charge->returnable[i];
      returnable = std::min(returnable, left);
      left -= returnable;
    }
  }
}

void Counter::Reserve(std::span<const RateTerms> terms, std::uint64_t id,
                      std::int64_t cost, std::int64_t now_ns) {
  NarrowReturnables(now_ns);
  OpenCharge charge{.id = id, .at_ns = now_ns};
  for (std::size_t i = 0; i < meters_.size(); ++i) {
    const Ticks before = DebtAt(meters_[i], now_ns);
    Charge(&meters_[i], terms[i], cost, now_ns);
    charge.returnable.push_back(DebtAt(meters_[i], now_ns) - before);
  }
  open_.push_back(std::move(charge));
}

bool Counter::Commit(std::uint64_t id) {
  return std::erase_if(open_, [id](const OpenCharge& charge) {
           return charge.id == id;
         }) > 0;
}

void Counter::Cancel(std::uint64_t id, std::int64_t now_ns) {
  const auto charge = std::find_if(
      open_.begin(), open_.end(),
      [id](const OpenCharge& candidate) { return candidate.id == id; });
  if (charge == open_.end()) return;
  for (std::size_t i = 0; i < meters_.size(); ++i)
    GiveBack(&meters_[i], charge->returnable[i], now_ns);
  open_.erase(charge);
}

void Counter::ChargeAnyway(std::span<const RateTerms> terms, std::int64_t cost,
                           std::int64_t now_ns) {
  NarrowReturnables(now_ns);
  for (std::size_t i = 0; i < meters_.size(); ++i)
    Charge(&meters_[i], terms[i], cost, now_ns);
}

bool Counter::IsDrained(std::int64_t now_ns) const {
  const auto has_lapsed = [now_ns](const OpenCharge& charge) {
    return charge.at_ns + kLapseNs <= now_ns;
  };
  return std::all_of(open_.begin(), open_.end(), has_lapsed) &&
         std::all_of(meters_.begin(), meters_.end(),
                     [now_ns](const Meter& meter) {
                       return DebtAt(meter, now_ns) == 0;
                     });
}

}  // namespace postern
