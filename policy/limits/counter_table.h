// CounterTable: all counters in memory, in shards with a lock each.
//
// The locks of all shards that a call needs are taken in the order of the
// shards, so that a charge is on all its counters or on none. There is room for
// so many counters and no more; drained ones leave by themselves. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/base/siphash.h"
#include "policy/limits/counter.h"
#include "policy/limits/counter_map.h"
#include "policy/limits/counter_row.h"
#include "policy/limits/rate_pool.h"

namespace postern {

// What one message asks of one counter.
struct Claim {
  std::string name;        // CounterName
  std::uint64_t hash = 0;  // CounterTable::HashOf
  std::vector<const RateTerms*> rates;
  std::int64_t cost = 0;
};

class CounterTable {
 public:
  // Called with the changed rows while their shards are locked.
  using Recorder =
      std::function<void(std::span<const CounterRow>, std::int64_t now_ns)>;
  CounterTable(Recorder recorder, std::size_t most)
      : recorder_(std::move(recorder)), most_(most) {}

  [[nodiscard]] std::uint64_t HashOf(std::string_view name) const {
    return SipHash(key_, name);
  }
  [[nodiscard]] const RateTerms* RateOf(const RateTerms& terms) {
    return rates_.Of(terms);
  }

  struct Refusal {
    std::size_t claim = 0;
    bool is_full = false;  // there is no room for another counter
    std::size_t rate = 0;
    std::optional<std::int64_t> retry_at_ns;  // none: never
  };
  struct Warning {
    std::size_t claim = 0;
    Counter::Warning of;
  };
  struct Outcome {
    std::optional<Refusal> refusal;  // none: reserved under that id
    std::vector<Warning> warnings;
  };
  // Names are distinct.
  [[nodiscard]] Outcome Reserve(std::span<const Claim> claims, std::uint64_t id,
                                std::int64_t now_ns);
  // Keeps the charge; a reservation that had lapsed is charged all the same.
  void Commit(std::span<const Claim> claims, std::uint64_t id,
              std::int64_t now_ns);
  void Cancel(std::span<const Claim> claims, std::uint64_t id,
              std::int64_t now_ns);

  // The operator's. False: there is no room for it, or there was nothing.
  [[nodiscard]] bool Grant(const std::string& name, std::int64_t units,
                           std::int64_t expires_at_ns, std::int64_t now_ns);
  [[nodiscard]] bool Forget(const std::string& name, std::int64_t now_ns);
  // A part of one shard is locked at a time: one that comes or goes meanwhile
  // may be missed.
  void ForEach(const std::function<void(std::string_view name, const Counter&)>&
                   visit) const;

  // Before anybody else uses it. Unchanged: the store has it so already.
  void Load(const CounterRow& row, bool is_changed);
  // Rows changed since the last round, from that shard on until there are many;
  // *shard is where to go on, kShards at the end of the round. Drained counters
  // leave the table; a part of each shard is swept for them.
  static constexpr std::size_t kShards = 64;
  [[nodiscard]] std::vector<CounterRow> TakeChanged(std::int64_t now_ns,
                                                    std::size_t* shard);
  // They could not be written: they are changed still.
  void ReturnChanged(std::span<const CounterRow> rows);
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t most() const { return most_; }

 private:
  static constexpr std::size_t kParts = 64;
  using Entry = CounterMap::Entry;
  struct Shard {
    mutable std::mutex mutex;
    mutable CounterMap counters;
    std::vector<Entry*> changed;
    std::vector<Entry*> taken;       // of them, those of this round
    std::vector<std::int64_t> gone;  // in the store, and not here any more
    std::size_t next_sweep = 0;
  };
  class Locks;

  [[nodiscard]] static std::size_t ShardOf(std::uint64_t hash) {
    return hash >> 58;
  }
  // Null: it is full.
  [[nodiscard]] Entry* EntryOf(std::string_view name, std::uint64_t hash);
  void MarkChanged(std::uint64_t hash, Entry* entry);
  void Take(Entry* entry, std::int64_t now_ns, Shard* shard,
            std::vector<CounterRow>* rows);
  void Record(std::span<Entry* const> entries, std::int64_t now_ns) const;

  Recorder recorder_;
  const std::size_t most_;
  const SipKey key_ = RandomSipKey();
  RatePool rates_;
  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<std::int64_t> last_store_id_ = 0;
};

}  // namespace postern
