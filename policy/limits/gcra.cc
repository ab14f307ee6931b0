#include "policy/limits/gcra.h"

#include <algorithm>
#include <limits>

namespace postern {
namespace {

constexpr std::int64_t kMaxUnits = 1'000'000'000'000;
constexpr std::int64_t kMaxPeriodSeconds = 100LL * 366 * 86'400;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

Ticks CeilDivide(Ticks value, Ticks divisor) {
  return (value + divisor - 1) / divisor;
}

std::int64_t ToNs(Ticks ns) {
  constexpr Ticks kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(ns, kMax));
}

}  // namespace

RateTerms TermsOf(const LimitRate& rate) {
  const std::int64_t seconds = rate.period.count();
  if (rate.count <= 0 || seconds <= 0) return {};
  const std::int64_t burst = rate.burst > 0 ? rate.burst : rate.count;
  return {
      .count = std::min(rate.count, kMaxUnits),
      .period_ns = std::min(seconds, kMaxPeriodSeconds) * kNanosecondsPerSecond,
      .burst = std::min(burst, kMaxUnits)};
}

Ticks FullDebt(const RateTerms& terms) {
  return static_cast<Ticks>(terms.burst) * terms.period_ns;
}

Meter FreshMeter(const RateTerms& terms) {
  return {.drained_at = 0, .count = terms.count, .period_ns = terms.period_ns};
}

Ticks DebtAt(const Meter& meter, std::int64_t now_ns) {
  const Ticks now = static_cast<Ticks>(now_ns) * meter.count;
  return std::max<Ticks>(meter.drained_at - now, 0);
}

std::int64_t DrainedAtNs(const Meter& meter) {
  return ToNs(CeilDivide(meter.drained_at, meter.count));
}

Meter Convert(const Meter& meter, const RateTerms& terms, std::int64_t now_ns) {
  const Ticks debt = DebtAt(meter, now_ns);
  // Whole units and the rest apart, so that nothing overflows; rounded up.
  const Ticks units = std::min<Ticks>(debt / meter.period_ns, terms.burst);
  const Ticks rest = debt % meter.period_ns;
  const Ticks converted = units * terms.period_ns +
                          CeilDivide(rest * terms.period_ns, meter.period_ns);
  Meter fresh = FreshMeter(terms);
  fresh.drained_at = static_cast<Ticks>(now_ns) * terms.count +
                     std::min(converted, FullDebt(terms));
  return fresh;
}

std::optional<std::int64_t> WhenAdmitted(const Meter& meter,
                                         const RateTerms& terms,
                                         std::int64_t cost,
                                         std::int64_t now_ns) {
  if (cost <= 0) return now_ns;
  if (cost > terms.burst) return std::nullopt;
  const Ticks wanted = static_cast<Ticks>(cost) * terms.period_ns;
  const Ticks excess = DebtAt(meter, now_ns) + wanted - FullDebt(terms);
  if (excess <= 0) return now_ns;
  return ToNs(now_ns + CeilDivide(excess, terms.count));
}

void Charge(Meter* meter, const RateTerms& terms, std::int64_t cost,
            std::int64_t now_ns) {
  if (cost <= 0) return;
  const Ticks units = std::min(cost, terms.burst);
  const Ticks debt = DebtAt(*meter, now_ns) + units * terms.period_ns;
  meter->drained_at = static_cast<Ticks>(now_ns) * terms.count +
                      std::min(debt, FullDebt(terms));
}

void GiveBack(Meter* meter, Ticks ticks, std::int64_t now_ns) {
  meter->drained_at -= std::min(ticks, DebtAt(*meter, now_ns));
}

}  // namespace postern
