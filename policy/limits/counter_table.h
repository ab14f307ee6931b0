// CounterTable: all counters in memory, in shards with a lock each.
//
// The locks of all shards that a call needs are taken in the order of the
// shards, so that a charge is on all its counters or on none. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "policy/limits/counter.h"
#include "policy/limits/counter_row.h"

namespace postern {

// What one message asks of one counter.
struct Claim {
  std::string name;  // CounterName
  std::vector<RateTerms> terms;
  std::int64_t cost = 0;
};

class CounterTable {
 public:
  // Called with the changed rows while their shards are locked.
  using Recorder = std::function<void(std::span<const CounterRow>)>;
  explicit CounterTable(Recorder recorder) : recorder_(std::move(recorder)) {}

  struct Refusal {
    std::size_t claim = 0;
    std::size_t rate = 0;
    std::optional<std::int64_t> retry_at_ns;  // none: never
  };
  // Names are distinct. nullopt: reserved under that id.
  [[nodiscard]] std::optional<Refusal> Reserve(std::span<const Claim> claims,
                                               std::uint64_t id,
                                               std::int64_t now_ns);
  // Keeps the charge; a reservation that had lapsed is charged all the same.
  void Commit(std::span<const Claim> claims, std::uint64_t id,
              std::int64_t now_ns);
  void Cancel(std::span<const Claim> claims, std::uint64_t id,
              std::int64_t now_ns);

  // Before anybody else uses it.
  void Load(const CounterRow& row);
  // Rows changed since the last call. Drained counters leave the table; one
  // shard is swept for them at each call.
  [[nodiscard]] std::vector<CounterRow> TakeChanged(std::int64_t now_ns);
  // They could not be written: they are changed still.
  void ReturnChanged(std::span<const CounterRow> rows);
  [[nodiscard]] std::size_t size() const;

 private:
  static constexpr std::size_t kShards = 64;
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, Counter> counters;
    std::vector<std::string> changed;
  };
  class Locks;

  [[nodiscard]] static std::size_t ShardOf(const std::string& name);
  [[nodiscard]] Counter& CounterOf(const Claim& claim, std::int64_t now_ns);
  void MarkChanged(const std::string& name, Counter* counter);
  void Record(std::span<const Claim> claims);
  void Sweep(Shard* shard, std::int64_t now_ns);

  Recorder recorder_;
  std::array<Shard, kShards> shards_;
  std::size_t next_sweep_ = 0;  // TakeChanged's caller's
};

}  // namespace postern
