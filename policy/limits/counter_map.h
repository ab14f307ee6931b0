// CounterMap: counters by name, each in one piece of memory with its name,
// chained from buckets. The hash is the caller's and cannot be foreseen by
// those who choose the keys. Entries stay where they are until erased. Belongs
// to its shard's lock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "policy/limits/counter.h"

namespace postern {

class CounterMap {
 public:
  struct Entry {
    Counter counter;
    Entry* next = nullptr;      // in its bucket
    std::int64_t store_id = 0;  // the table's: CounterRow::id
    std::uint32_t hash = 0;
    std::uint32_t name_bytes : 31 = 0;
    std::uint32_t is_changed : 1 = 0;  // the table's: to be written
    [[nodiscard]] std::string_view name() const {
      return {reinterpret_cast<const char*>(this + 1), name_bytes};
    }
  };

  CounterMap() = default;
  CounterMap(const CounterMap&) = delete;
  CounterMap& operator=(const CounterMap&) = delete;
  ~CounterMap();

  // Null: there is none.
  [[nodiscard]] Entry* Find(std::string_view name, std::uint64_t hash) const;
  [[nodiscard]] Entry& FindOrMake(std::string_view name, std::uint64_t hash);
  void Erase(Entry* entry);
  [[nodiscard]] std::size_t size() const { return size_; }

  // Calls visit(Entry&) for all in one of so many parts of the map.
  template <typename Visit>
  void ForPart(std::size_t part, std::size_t parts, const Visit& visit) {
    const std::size_t end = (part + 1) * buckets_.size() / parts;
    for (std::size_t i = part * buckets_.size() / parts; i < end; ++i)
      for (Entry* entry = buckets_[i]; entry != nullptr; entry = entry->next)
        visit(*entry);
  }

 private:
  void Grow();
  [[nodiscard]] Entry*& BucketOf(std::uint32_t hash);

  std::vector<Entry*> buckets_;  // as many as a power of two, or none
  std::size_t size_ = 0;
};

}  // namespace postern
