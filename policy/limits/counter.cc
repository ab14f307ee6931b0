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
constexpr std::int64_t kNotTold = -1;

double Distance(const RateTerms& a, const RateTerms& b) {
  return std::abs(std::log(static_cast<double>(a.period_ns)) -
                  std::log(static_cast<double>(b.period_ns)));
}

// Ticks of one meter in those of another: the same share of a unit, rounded
// down, because they are given back.
Ticks Scale(Ticks ticks, const RateTerms& from, const RateTerms& to) {
  const Ticks units = ticks / from.period_ns;
  const Ticks rest = ticks % from.period_ns;
  return units * to.period_ns + rest * to.period_ns / from.period_ns;
}

// Never is later than any time.
bool IsLater(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return !a && b.has_value();
  return *a > *b;
}

}  // namespace

Counter::Counter() = default;
Counter::Counter(Counter&& other) noexcept = default;
Counter& Counter::operator=(Counter&& other) noexcept = default;
Counter::~Counter() = default;

Counter::Counter(const CounterRow& row, Rates rates) {
  std::vector<Stored> meters;
  for (std::size_t i = 0; i < rates.size(); ++i)
    meters.push_back(
        {static_cast<Ticks>(row.meters[i].drained_at_ns) * rates[i]->count,
         rates[i]});
  SetMeters(meters);
  if (row.granted > 0) Grant(row.granted, row.grant_expires_at_ns);
}

std::size_t Counter::size() const {
  if (first_.terms() == nullptr) return 0;
  return 1 + (more_ ? more_->meters.size() : 0);
}

Counter::Stored& Counter::At(std::size_t rate) {
  return rate == 0 ? first_ : more_->meters[rate - 1];
}

Meter Counter::meter(std::size_t rate) const {
  const Stored& stored = rate == 0 ? first_ : more_->meters[rate - 1];
  return {.drained_at = stored.drained_at(),
          .count = stored.terms()->count,
          .period_ns = stored.terms()->period_ns};
}

const RateTerms& Counter::terms(std::size_t rate) const {
  return *(rate == 0 ? first_ : more_->meters[rate - 1]).terms();
}

Counter::More& Counter::Beside() {
  if (!more_) more_ = std::make_unique<More>();
  return *more_;
}

std::size_t Counter::open_charges() const {
  return more_ ? more_->open.size() : 0;
}

std::int64_t Counter::granted(std::int64_t now_ns) const {
  return more_ && now_ns < more_->grant_expires_at_ns ? more_->granted : 0;
}

std::int64_t Counter::grant_expires_at_ns() const {
  return more_ ? more_->grant_expires_at_ns : 0;
}

void Counter::SetMeters(const std::vector<Stored>& meters) {
  first_ = meters.empty() ? Stored() : meters.front();
  if (more_) more_->meters.clear();
  if (meters.size() > 1)
    Beside().meters.assign(meters.begin() + 1, meters.end());
}

bool Counter::Settle(Rates rates, std::int64_t now_ns) {
  const bool fits = FitsRates(rates, now_ns);
  if (!fits) Convert(rates, now_ns);
  for (std::size_t i = 0; fits && i < rates.size(); ++i)
    At(i).set_terms(rates[i]);  // the burst may be another
  Lapse(now_ns);
  return !fits;
}

void Counter::SettleForEnd(Rates rates, std::int64_t now_ns) {
  const bool is_fresh = size() == 0 || IsDrained(now_ns);
  if (is_fresh)
    (void)Settle(rates, now_ns);
  else
    Lapse(now_ns);
}

bool Counter::FitsRates(Rates rates, std::int64_t now_ns) const {
  if (rates.size() != size()) return false;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Meter mine = meter(i);
    if (mine.count != rates[i]->count ||
        mine.period_ns != rates[i]->period_ns ||
        DebtAt(mine, now_ns) > FullDebt(*rates[i]))
      return false;
  }
  return true;
}

void Counter::Convert(Rates rates, std::int64_t now_ns) {
  const std::size_t had = size();
  // Between equals, the one at the same place.
  const auto nearest_to = [&](std::size_t place) {
    std::size_t nearest = std::min(place, had - 1);
    for (std::size_t i = 0; i < had; ++i)
      if (Distance(terms(i), *rates[place]) <
          Distance(terms(nearest), *rates[place]))
        nearest = i;
    return nearest;
  };
  std::vector<Stored> converted;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const Meter meter_now =
        had == 0 ? FreshMeter(*rates[i])
                 : postern::Convert(meter(nearest_to(i)), *rates[i], now_ns);
    converted.push_back({meter_now.drained_at, rates[i]});
  }
  if (more_) {
    more_->told.clear();
    more_->returnable.assign(rates.size(), 0);
  }
  for (std::size_t n = 0; n < open_charges(); ++n) {
    std::vector<Ticks> returnable;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      if (had == 0) {
        returnable.push_back(0);
        continue;
      }
      const std::size_t source = nearest_to(i);
      returnable.push_back(
          Scale(more_->open[n].returnable[source], terms(source), *rates[i]));
      more_->returnable[i] += returnable.back();
    }
    more_->open[n].returnable = std::move(returnable);
  }
  SetMeters(converted);
}

void Counter::Lapse(std::int64_t now_ns) {
  while (open_charges() > 0 && more_->open.front().at_ns + kLapseNs <= now_ns)
    Cancel(more_->open.front().id, now_ns);
}

std::optional<Counter::Refusal> Counter::Refuses(std::int64_t cost,
                                                 std::int64_t now_ns) const {
  std::optional<Refusal> worst;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto when = WhenAdmitted(meter(i), terms(i), cost, now_ns);
    if (when && *when <= now_ns) continue;
    if (!worst || IsLater(when, worst->retry_at_ns)) worst = Refusal{i, when};
  }
  if (worst && cost <= granted(now_ns)) return std::nullopt;
  return worst;
}

std::vector<Counter::Warning> Counter::Reserve(std::uint64_t id,
                                               std::int64_t cost,
                                               std::int64_t now_ns) {
  bool is_over = false;
  for (std::size_t i = 0; i < size(); ++i)
    is_over |= WhenAdmitted(meter(i), terms(i), cost, now_ns) != now_ns;
  if (!is_over) NarrowReturnables(now_ns);
  std::vector<Warning> warnings;
  OpenCharge charge{.id = id, .at_ns = now_ns};
  if (is_over) {
    charge.from_grant = cost;
    charge.returnable.assign(size(), 0);
    Beside().granted -= cost;
  }
  for (std::size_t i = 0; i < size() && !is_over; ++i) {
    const Ticks before = DebtAt(meter(i), now_ns);
    ChargeMeter(i, cost, now_ns);
    charge.returnable.push_back(DebtAt(meter(i), now_ns) - before);
    const int percent = PercentToTell(i, before, now_ns);
    if (percent > 0) warnings.push_back({i, percent});
  }
  More& more = Beside();
  more.returnable.resize(size(), 0);
  for (std::size_t i = 0; i < size(); ++i)
    more.returnable[i] += charge.returnable[i];
  more.open.push_back(std::move(charge));
  return warnings;
}

void Counter::ChargeMeter(std::size_t rate, std::int64_t cost,
                          std::int64_t now_ns) {
  Meter charged = meter(rate);
  Charge(&charged, terms(rate), cost, now_ns);
  At(rate).set_drained_at(charged.drained_at);
}

// The highest percentage that has just been reached, in whole units as they are
// shown: three of three are 100 %, though the first has begun to drain. 0:
// none, or it was told within the rate's period; the lower ones need not be
// told after it.
int Counter::PercentToTell(std::size_t rate, Ticks before,
                           std::int64_t now_ns) {
  const Ticks after = DebtAt(meter(rate), now_ns);
  const auto is_reached = [&](int percent) {
    const Ticks units = (terms(rate).burst * Ticks{percent} + 99) / 100;
    const Ticks below = (units - 1) * terms(rate).period_ns;
    return after > below && before <= below;
  };
  std::size_t reached = kPercents.size();
  while (reached > 0 && !is_reached(kPercents[reached - 1])) --reached;
  if (reached == 0) return 0;
  std::vector<Told>& told = Beside().told;
  Told never;
  never.fill(kNotTold);
  told.resize(size(), never);
  const std::int64_t last = told[rate][reached - 1];
  if (last != kNotTold && now_ns - last < terms(rate).period_ns) return 0;
  std::fill_n(told[rate].begin(), reached, now_ns);
  return kPercents[reached - 1];
}

bool Counter::WasToldLately(std::int64_t now_ns) const {
  for (std::size_t i = 0; more_ && i < more_->told.size(); ++i)
    for (const std::int64_t at : more_->told[i])
      if (at != kNotTold && now_ns - at < terms(i).period_ns) return true;
  return false;
}

// The oldest lose first what has drained.
void Counter::NarrowReturnables(std::int64_t now_ns) {
  for (std::size_t i = 0; open_charges() > 0 && i < size(); ++i) {
    Ticks excess = more_->returnable[i] - DebtAt(meter(i), now_ns);
    for (auto charge = more_->open.begin(); excess > 0; ++charge) {
      const Ticks drained = std::min(excess, charge->returnable[i]);
      charge->returnable[i] -= drained;
      more_->returnable[i] -= drained;
      excess -= drained;
    }
  }
}

bool Counter::Commit(std::uint64_t id, std::int64_t now_ns) {
  const auto charge = Find(id);
  if (!charge) return false;
  Close(*charge);
  Trim(now_ns);
  return true;
}

void Counter::Cancel(std::uint64_t id, std::int64_t now_ns) {
  const auto charge = Find(id);
  if (!charge) return;
  for (std::size_t i = 0; i < size(); ++i) {
    Meter relieved = meter(i);
    GiveBack(&relieved, (*charge)->returnable[i], now_ns);
    At(i).set_drained_at(relieved.drained_at);
  }
  more_->granted += (*charge)->from_grant;
  Close(*charge);
  Trim(now_ns);
}

std::optional<Counter::OpenCharges::iterator> Counter::Find(std::uint64_t id) {
  if (!more_) return std::nullopt;
  const auto charge = std::ranges::find(more_->open, id, &OpenCharge::id);
  if (charge == more_->open.end()) return std::nullopt;
  return charge;
}

void Counter::Close(OpenCharges::iterator charge) {
  for (std::size_t i = 0; i < size(); ++i)
    more_->returnable[i] -= charge->returnable[i];
  more_->open.erase(charge);
}

void Counter::ChargeAnyway(std::int64_t cost, std::int64_t now_ns) {
  NarrowReturnables(now_ns);
  for (std::size_t i = 0; i < size(); ++i) ChargeMeter(i, cost, now_ns);
}

void Counter::Grant(std::int64_t units, std::int64_t expires_at_ns) {
  More& more = Beside();
  more.granted = units;
  more.grant_expires_at_ns = expires_at_ns;
  for (OpenCharge& charge : more.open) charge.from_grant = 0;
}

bool Counter::Forget(std::int64_t now_ns) {
  const bool had_any = !IsDrained(now_ns);
  first_ = {};
  more_.reset();
  return had_any;
}

// What is beside the meter goes when nothing of it matters any more.
void Counter::Trim(std::int64_t now_ns) {
  if (more_ && more_->meters.empty() && more_->open.empty() &&
      granted(now_ns) == 0 && !WasToldLately(now_ns))
    more_.reset();
}

bool Counter::IsDrained(std::int64_t now_ns) const {
  for (std::size_t i = 0; i < size(); ++i)
    if (DebtAt(meter(i), now_ns) > 0) return false;
  if (!more_) return true;
  // What it took from a grant would come back.
  const auto has_lapsed = [&](const OpenCharge& charge) {
    return charge.at_ns + kLapseNs <= now_ns &&
           (charge.from_grant == 0 || more_->grant_expires_at_ns <= now_ns);
  };
  return std::all_of(more_->open.begin(), more_->open.end(), has_lapsed) &&
         granted(now_ns) == 0 && !WasToldLately(now_ns);
}

void Counter::Write(CounterRow* row) const {
  row->meters.clear();
  for (std::size_t i = 0; i < size(); ++i) {
    Meter without_open = meter(i);
    if (open_charges() > 0) without_open.drained_at -= more_->returnable[i];
    row->meters.push_back({terms(i).count, terms(i).period_ns, terms(i).burst,
                           DrainedAtNs(without_open)});
  }
  row->granted = more_ ? more_->granted : 0;
  row->grant_expires_at_ns = more_ ? more_->grant_expires_at_ns : 0;
  if (row->grant_expires_at_ns == 0) return;  // there never was one
  for (const OpenCharge& charge : more_->open)
    row->granted += charge.from_grant;
  if (row->granted == 0) row->grant_expires_at_ns = 0;
}

}  // namespace postern
