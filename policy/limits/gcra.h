// Gcra: the arithmetic of limits. Pure and exact.
//
// A meter holds one number, its theoretical arrival time: when everything that
// was charged will have drained. Each unit costs period / count of time; that
// need not be a whole number of nanoseconds, so a meter counts in ticks of
// 1/count ns, of which a unit is period_ns exactly. A rate of B burst admits B
// units at once on a fresh key and then one each period / count: at that very
// nanosecond and not one earlier.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "policy/config/limits.h"

namespace postern {

using Ticks = __int128;

// A LimitRate within bounds in which no sum below overflows: at most 10^12
// units, 100 years. A rate of no count or no period admits nothing.
struct RateTerms {
  std::int64_t count = 1;
  std::int64_t period_ns = 1;
  std::int64_t burst = 0;
  auto operator<=>(const RateTerms&) const = default;
};
[[nodiscard]] RateTerms TermsOf(const LimitRate& rate);
// The debt at which nothing more is admitted: the whole burst.
[[nodiscard]] Ticks FullDebt(const RateTerms& terms);

struct Meter {
  Ticks drained_at = 0;  // in ticks of 1/count ns since the epoch
  std::int64_t count = 1;
  std::int64_t period_ns = 1;
};
[[nodiscard]] Meter FreshMeter(const RateTerms& terms);

// What has not drained yet. Never negative: idle time is no credit.
[[nodiscard]] Ticks DebtAt(const Meter& meter, std::int64_t now_ns);
// The first whole nanosecond at which the debt is zero.
[[nodiscard]] std::int64_t DrainedAtNs(const Meter& meter);

// The same debt in units under other terms, at most that of a full burst: what
// was sent stays sent when the operator edits a rate.
[[nodiscard]] Meter Convert(const Meter& meter, const RateTerms& terms,
                            std::int64_t now_ns);

// When the cost is admitted, now_ns at the earliest; nullopt: never, it is
// above the burst. The meter must be in these terms.
[[nodiscard]] std::optional<std::int64_t> WhenAdmitted(const Meter& meter,
                                                       const RateTerms& terms,
                                                       std::int64_t cost,
                                                       std::int64_t now_ns);

// Charges without asking; the debt never exceeds a full burst.
void Charge(Meter* meter, const RateTerms& terms, std::int64_t cost,
            std::int64_t now_ns);
// Takes back at most the debt that is there.
void GiveBack(Meter* meter, Ticks ticks, std::int64_t now_ns);

}  // namespace postern
