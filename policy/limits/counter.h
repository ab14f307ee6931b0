// Counter: the meters of one (rule, key), one for each rate of the rule, and
// what is reserved on them; a grant that takes what is over them.
//
// A cancelled charge gives back what of it has not drained: no more than would
// be missing from the debt had the charge never been made. Each later charge
// narrows that to the debt it met, newest reservation first, so that together
// they never give back more than there is. What is written down is the counter
// without its open charges: those of a process that was killed never were.
// Belongs to its shard's lock. Times are the limiter's nanoseconds
// (limit_time.h).
//
// There may be millions: the usual counter, with one meter and nothing
// reserved, is 32 octets. All else is beside it while there is any.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "policy/limits/counter_row.h"
#include "policy/limits/gcra.h"

namespace postern {

// The rates in force, of which the table keeps one copy each (RatePool).
using Rates = std::span<const RateTerms* const>;

class Counter {
 public:
  Counter();
  // Of what was on disk; rates of the same number as the row's meters.
  Counter(const CounterRow& row, Rates rates);
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  Counter(Counter&& other) noexcept;
  Counter& operator=(Counter&& other) noexcept;
  ~Counter();

  // Brings the counter to the rule's present rates (each takes over the meter
  // nearest to it in period) and lets old reservations lapse. First of all.
  // True: it took over a meter, so other terms are to be written down.
  bool Settle(Rates rates, std::int64_t now_ns);
  // The same for a reservation that ends: it may know none but former rates,
  // which hold only where the counter is as good as fresh.
  void SettleForEnd(Rates rates, std::int64_t now_ns);

  struct Refusal {
    std::size_t rate = 0;
    std::optional<std::int64_t> retry_at_ns;  // none: never
  };
  // The rate that makes the cost wait longest; a grant may pay instead.
  [[nodiscard]] std::optional<Refusal> Refuses(std::int64_t cost,
                                               std::int64_t now_ns) const;
  // What was not refused. Says the percentages that it lifted each rate to, if
  // they are to be told now.
  struct Warning {
    std::size_t rate = 0;
    int percent = 0;
  };
  [[nodiscard]] std::vector<Warning> Reserve(std::uint64_t id,
                                             std::int64_t cost,
                                             std::int64_t now_ns);
  // False: the reservation had lapsed, nothing is charged.
  [[nodiscard]] bool Commit(std::uint64_t id, std::int64_t now_ns);
  void Cancel(std::uint64_t id, std::int64_t now_ns);
  // Charges without asking: mail that left all the same.
  void ChargeAnyway(std::int64_t cost, std::int64_t now_ns);

  // Takes the place of an earlier grant, to which nothing comes back then.
  void Grant(std::int64_t units, std::int64_t expires_at_ns);
  // False: there was nothing to forget.
  [[nodiscard]] bool Forget(std::int64_t now_ns);

  // Nothing is used, reserved, granted, or lately warned of: as good as fresh.
  [[nodiscard]] bool IsDrained(std::int64_t now_ns) const;
  // For disk, as if its open charges were cancelled, in whole nanoseconds
  // rounded up: never a gift.
  void Write(CounterRow* row) const;
  [[nodiscard]] std::size_t open_charges() const;
  [[nodiscard]] std::size_t size() const;  // of rates
  [[nodiscard]] Meter meter(std::size_t rate) const;
  [[nodiscard]] const RateTerms& terms(std::size_t rate) const;
  [[nodiscard]] std::int64_t granted(std::int64_t now_ns) const;
  [[nodiscard]] std::int64_t grant_expires_at_ns() const;

 private:
  // Ticks are kept in halves, to be aligned as the pointer is.
  class Stored {
   public:
    Stored() = default;
    Stored(Ticks drained_at, const RateTerms* terms) : terms_(terms) {
      set_drained_at(drained_at);
    }
    [[nodiscard]] Ticks drained_at() const {
      return static_cast<Ticks>(high_) << 64 | low_;
    }
    void set_drained_at(Ticks drained_at) {
      low_ = static_cast<std::uint64_t>(drained_at);
      high_ = static_cast<std::int64_t>(drained_at >> 64);
    }
    [[nodiscard]] const RateTerms* terms() const { return terms_; }
    void set_terms(const RateTerms* terms) { terms_ = terms; }

   private:
    std::uint64_t low_ = 0;
    std::int64_t high_ = 0;
    const RateTerms* terms_ = nullptr;
  };
  struct OpenCharge {
    std::uint64_t id = 0;
    std::int64_t at_ns = 0;
    std::int64_t from_grant = 0;
    std::vector<Ticks> returnable;  // for each meter
  };
  using OpenCharges = std::vector<OpenCharge>;
  static constexpr std::array<int, 3> kPercents = {80, 90, 100};
  // When each was told last, for one rate.
  using Told = std::array<std::int64_t, kPercents.size()>;
  struct More {
    std::vector<Stored> meters;  // from the second on
    OpenCharges open;            // oldest first
    // What they would give back together, for each meter; none: nothing yet.
    std::vector<Ticks> returnable;
    std::vector<Told> told;  // for each meter, or none
    std::int64_t granted = 0;
    std::int64_t grant_expires_at_ns = 0;
  };

  [[nodiscard]] Stored& At(std::size_t rate);
  [[nodiscard]] More& Beside();
  void SetMeters(const std::vector<Stored>& meters);
  [[nodiscard]] bool FitsRates(Rates rates, std::int64_t now_ns) const;
  void Convert(Rates rates, std::int64_t now_ns);
  void Lapse(std::int64_t now_ns);
  void ChargeMeter(std::size_t rate, std::int64_t cost, std::int64_t now_ns);
  [[nodiscard]] int PercentToTell(std::size_t rate, Ticks before,
                                  std::int64_t now_ns);
  [[nodiscard]] bool WasToldLately(std::int64_t now_ns) const;
  void NarrowReturnables(std::int64_t now_ns);
  [[nodiscard]] std::optional<OpenCharges::iterator> Find(std::uint64_t id);
  void Close(OpenCharges::iterator charge);
  void Trim(std::int64_t now_ns);

  Stored first_;
  std::unique_ptr<More> more_;  // null: there is nothing in it
};
static_assert(sizeof(Counter) == 32);

}  // namespace postern
