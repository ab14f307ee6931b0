// CounterRow: a counter as it is kept on disk, in the journal and in the store.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/limits/gcra.h"

namespace postern {

struct MeterRow {
  std::int64_t count = 1;
  std::int64_t period_ns = 1;
  std::int64_t drained_at_ns = 0;  // rounded up: never a gift
  bool operator==(const MeterRow&) const = default;
};

struct CounterRow {
  // The rule's name, NUL, and the key: CounterName.
  std::string name;
  std::vector<MeterRow> meters;  // none: the counter has drained
  bool operator==(const CounterRow&) const = default;
};

// The name of a counter. Keys may be any octets; long ones are kept as their
// SHA-256.
[[nodiscard]] std::string CounterName(std::string_view rule,
                                      std::string_view key);

[[nodiscard]] std::vector<MeterRow> ToRows(const std::vector<Meter>& meters);
[[nodiscard]] std::vector<Meter> ToMeters(const std::vector<MeterRow>& rows);

}  // namespace postern
