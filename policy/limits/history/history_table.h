// History::Table: the owners in memory, in shards with a lock each.
//
// Of the operations, only Record and Restore change what is known. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policy/base/siphash.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/history_store.h"

namespace postern {

class History::Table {
 public:
  Table(Options options, const Clock& clock)
      : options_(options), clock_(clock) {}

  // Before anybody else uses it.
  void Restore(HistoryStore::Contents contents);
  void MakeKey();

  [[nodiscard]] SeenTime Now() const;
  [[nodiscard]] std::uint64_t HashOf(Novelty what,
                                     std::string_view value) const;
  [[nodiscard]] bool Knows(const std::string& owner, std::uint64_t hash) const;
  [[nodiscard]] Habits Look(const std::string& owner) const;
  void AddUnderWay(const std::string& owner, const UnderWay& more);

  // Applies the change. False: it did not pass the test, which sees the numbers
  // as they are.
  using Test = std::function<bool(const OwnerNumbers&)>;
  struct Recorded {
    bool is_applied = false;
    ChangeRow row;  // to be kept
  };
  [[nodiscard]] Recorded Record(const std::string& owner, HistoryChange change,
                                const Test& test);
  [[nodiscard]] std::vector<Alarm> Alarms() const;
  [[nodiscard]] Size size() const;

  static constexpr std::size_t kShards = 64;
  struct Changed {
    std::vector<OwnerRow> rows;
    std::vector<std::string> gone;
  };
  // What changed in a shard since the last call. Who was not seen for the time
  // after which things are forgotten leaves.
  [[nodiscard]] Changed TakeChanged(std::size_t index);
  // They could not be written: they are changed still.
  void ReturnChanged(std::size_t index, const Changed& changed);

 private:
  struct Entry {
    std::string name;
    OwnerHistory history;
    UnderWay under_way;
    std::uint64_t sequence = 0;
    bool is_changed = false;
  };
  using Entries = std::list<Entry>;
  struct Shard {
    mutable std::mutex mutex;
    Entries entries;  // the one longest unused last
    std::unordered_map<std::string_view, Entries::iterator> by_name;
    std::vector<std::string> changed;
    std::vector<std::string> gone;
    std::size_t octets = 0;
  };

  [[nodiscard]] static std::size_t ShardOf(std::string_view name);
  [[nodiscard]] static std::size_t OctetsOf(const Entry& entry);
  [[nodiscard]] static const Entry* Find(const Shard& shard,
                                         std::string_view name);
  [[nodiscard]] static Entry* Enter(Shard* shard, const std::string& name);
  [[nodiscard]] bool MayLeave(const Entry& entry) const;
  void MakeRoom(Shard* shard) const;
  static void Drop(Shard* shard, Entries::iterator entry);

  const Options options_;
  const Clock& clock_;
  SipKey key_;
  std::atomic<std::uint64_t> last_sequence_ = 0;
  std::array<Shard, kShards> shards_;
};

}  // namespace postern
