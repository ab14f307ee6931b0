// Counter: the meters of one (rule, key), one for each rate of the rule, and
// what is reserved on them.
//
// A cancelled charge gives back what of it has not drained: no more than would
// be missing from the debt had the charge never been made. Each later charge
// narrows that to the debt it met, newest reservation first, so that together
// they never give back more than there is. Belongs to its shard's lock. Times
// are the limiter's nanoseconds (limit_time.h).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "policy/limits/gcra.h"

namespace postern {

struct OpenCharge {
  std::uint64_t id = 0;
  std::int64_t at_ns = 0;
  std::vector<Ticks> returnable;  // for each meter
};

class Counter {
 public:
  Counter() = default;
  explicit Counter(std::vector<Meter> meters) : meters_(std::move(meters)) {}

  // Brings the counter to the rule's present rates (each takes over the meter
  // nearest to it in period) and lets old reservations lapse. First of all.
  void Settle(std::span<const RateTerms> terms, std::int64_t now_ns);
  void Reserve(std::span<const RateTerms> terms, std::uint64_t id,
               std::int64_t cost, std::int64_t now_ns);
  // False: the reservation had lapsed, nothing is charged.
  [[nodiscard]] bool Commit(std::uint64_t id);
  void Cancel(std::uint64_t id, std::int64_t now_ns);
  // Charges without asking: mail that left all the same.
  void ChargeAnyway(std::span<const RateTerms> terms, std::int64_t cost,
                    std::int64_t now_ns);

  // Drained, and nothing reserved: as good as fresh.
  [[nodiscard]] bool IsDrained(std::int64_t now_ns) const;
  [[nodiscard]] const std::vector<Meter>& meters() const { return meters_; }

  bool is_dirty = false;  // the table's: to be written

 private:
  void ConvertMeters(std::span<const RateTerms> terms, std::int64_t now_ns);
  void ConvertReturnables(const std::vector<Meter>& meters,
                          std::span<const RateTerms> terms);
  void Lapse(std::int64_t now_ns);
  void NarrowReturnables(std::int64_t now_ns);

  std::vector<Meter> meters_;
  std::vector<OpenCharge> open_;  // oldest first
};

}  // namespace postern
