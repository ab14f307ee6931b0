// CounterRow: a counter as it is kept on disk, in the journal and in the store.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

struct MeterRow {
  std::int64_t count = 1;
  std::int64_t period_ns = 1;
  std::int64_t burst = 0;
  std::int64_t drained_at_ns = 0;  // rounded up: never a gift
  bool operator==(const MeterRow&) const = default;
};

struct CounterRow {
  // Its place in the store; 0: none yet.
  std::int64_t id = 0;
  // The rule's name, NUL, and the key: CounterName.
  std::string name;
  std::vector<MeterRow> meters;
  std::int64_t granted = 0;
  std::int64_t grant_expires_at_ns = 0;
  // Neither meters nor a grant: the counter has drained.
  bool operator==(const CounterRow&) const = default;
};

// The name of a counter. Keys may be any octets; long ones are kept as their
// SHA-256.
[[nodiscard]] std::string CounterName(std::string_view rule,
                                      std::string_view key);

// The rule and the key of a name; a long key as "sha256:" and its digest.
struct CounterKey {
  std::string rule;
  std::string key;
};
[[nodiscard]] CounterKey KeyOfName(std::string_view name);

}  // namespace postern
