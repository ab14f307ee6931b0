#include "policy/limits/counter_map.h"

#include <algorithm>
#include <memory>
#include <new>

namespace postern {
namespace {

constexpr std::size_t kLeastBuckets = 16;

CounterMap::Entry* MakeEntry(std::string_view name, std::uint32_t hash) {
  void* memory = operator new(sizeof(CounterMap::Entry) + name.size());
  auto* entry = new (memory) CounterMap::Entry;
  entry->hash = hash;
  entry->name_bytes = static_cast<std::uint32_t>(name.size()) & 0x7fffffff;
  std::copy(name.begin(), name.end(), reinterpret_cast<char*>(entry + 1));
  return entry;
}

void DestroyEntry(CounterMap::Entry* entry) {
  std::destroy_at(entry);
  operator delete(entry);
}

}  // namespace

CounterMap::~CounterMap() {
  for (Entry* entry : buckets_) {
    while (entry != nullptr) {
      Entry* next = entry->next;
      DestroyEntry(entry);
      entry = next;
    }
  }
}

CounterMap::Entry*& CounterMap::BucketOf(std::uint32_t hash) {
  return buckets_[hash & (buckets_.size() - 1)];
}

CounterMap::Entry* CounterMap::Find(std::string_view name,
                                    std::uint64_t hash) const {
  if (buckets_.empty()) return nullptr;
  const auto low = static_cast<std::uint32_t>(hash);
  Entry* entry = buckets_[low & (buckets_.size() - 1)];
  while (entry != nullptr && (entry->hash != low || entry->name() != name))
    entry = entry->next;
  return entry;
}

CounterMap::Entry& CounterMap::FindOrMake(std::string_view name,
                                          std::uint64_t hash) {
  if (Entry* known = Find(name, hash)) return *known;
  if (size_ >= buckets_.size()) Grow();
  const auto low = static_cast<std::uint32_t>(hash);
  Entry* made = MakeEntry(name, low);
  Entry*& bucket = BucketOf(low);
  made->next = bucket;
  bucket = made;
  ++size_;
  return *made;
}

void CounterMap::Erase(Entry* entry) {
  Entry** link = &BucketOf(entry->hash);
  while (*link != entry) link = &(*link)->next;
  *link = entry->next;
  DestroyEntry(entry);
  --size_;
}

void CounterMap::Grow() {
  const std::vector<Entry*> before = std::move(buckets_);
  buckets_.assign(std::max(before.size() * 2, kLeastBuckets), nullptr);
  for (Entry* entry : before) {
    while (entry != nullptr) {
      Entry* next = entry->next;
      Entry*& bucket = BucketOf(entry->hash);
      entry->next = bucket;
      bucket = entry;
      entry = next;
    }
  }
}

}  // namespace postern
