// Counting: what the embedded limiter counts with, and what reservations need,
// which may outlive it. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>

#include "policy/limits/counter_journal.h"
#include "policy/limits/counter_table.h"
#include "policy/limits/limit_time.h"

namespace postern {

struct Counting {
  Counting(const Clock& clock, std::size_t most_keys)
      : time(clock),
        table([this](std::span<const CounterRow> rows,
                     std::int64_t now_ns) { Record(rows, now_ns); },
              most_keys) {}

  void Record(std::span<const CounterRow> rows, std::int64_t now_ns);
  // What is charged may not be on disk.
  [[nodiscard]] bool is_down() const {
    return is_store_failing || is_journal_failing;
  }

  LimitTime time;
  std::unique_ptr<CounterJournal> journal;  // null: in memory only
  std::atomic<bool> is_journal_failing = false;
  std::atomic<bool> is_store_failing = false;
  std::atomic<bool> is_full = false;  // of keys, and it was told
  std::atomic<std::uint64_t> last_id = 0;
  CounterTable table;
};

}  // namespace postern
