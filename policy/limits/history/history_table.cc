#include "policy/limits/history/history_table.h"

#include <algorithm>
#include <random>
#include <utility>

#include "policy/base/text.h"

namespace postern {
namespace {

std::int64_t ToNs(TimePoint time) { return time.time_since_epoch().count(); }

}  // namespace

void History::Table::MakeKey() {
  std::random_device random;
  const auto word = [&random] {
    return static_cast<std::uint64_t>(random()) << 32 | random();
  };
  key_ = {word(), word()};
}

void History::Table::Restore(HistoryStore::Contents contents) {
  key_ = contents.key;
  std::uint64_t last = 0;
  for (OwnerRow& row : contents.owners) {
    Shard& shard = shards_[ShardOf(row.name)];
    Entry* entry = Enter(&shard, row.name);
    entry->history = std::move(row.history);
    entry->sequence = row.sequence;
    last = std::max(last, row.sequence);
    shard.octets += OctetsOf(*entry);
  }
  for (const ChangeRow& row : contents.changes) {
    Shard& shard = shards_[ShardOf(row.name)];
    Entry* entry = Enter(&shard, row.name);
    // Written whole after it: counted already.
    if (row.sequence <= entry->sequence) continue;
    shard.octets -= std::min(shard.octets, OctetsOf(*entry));
    entry->history.Apply(row.change, options_.forget_after_days);
    shard.octets += OctetsOf(*entry);
    entry->sequence = row.sequence;
    last = std::max(last, row.sequence);
    if (!std::exchange(entry->is_changed, true))
      shard.changed.push_back(row.name);
  }
  last_sequence_ = last;
  for (Shard& shard : shards_) MakeRoom(&shard);
}

SeenTime History::Table::Now() const {
  const auto today = std::chrono::floor<std::chrono::days>(clock_.Now());
  return {static_cast<int>(today.time_since_epoch().count()),
          options_.forget_after_days};
}

std::uint64_t History::Table::HashOf(Novelty what,
                                     std::string_view value) const {
  // Spelling is no way to be new. The letter keeps the kinds apart.
  std::string text = ToLower(value);
  text += static_cast<char>('a' + static_cast<int>(what));
  return SipHash(key_, text);
}

std::size_t History::Table::ShardOf(std::string_view name) {
  // The map inside uses the low bits of the same hash.
  return (std::hash<std::string_view>()(name) >> 24) % kShards;
}

std::size_t History::Table::OctetsOf(const Entry& entry) {
  constexpr std::size_t kNodesAndBuckets = 96;
  return sizeof(Entry) + kNodesAndBuckets + entry.name.capacity() +
         entry.history.seen.octets();
}

const History::Table::Entry* History::Table::Find(const Shard& shard,
                                                  std::string_view name) {
  const auto found = shard.by_name.find(name);
  return found == shard.by_name.end() ? nullptr : &*found->second;
}

History::Table::Entry* History::Table::Enter(Shard* shard,
                                             const std::string& name) {
  const auto found = shard->by_name.find(name);
  if (found != shard->by_name.end()) {
    shard->entries.splice(shard->entries.begin(), shard->entries,
                          found->second);
    return &*found->second;
  }
  Entry& entry = shard->entries.emplace_front();
  entry.name = name;
  shard->by_name.emplace(entry.name, shard->entries.begin());
  return &entry;
}

bool History::Table::MayLeave(const Entry& entry) const {
  // An alarm is not lost because others are busy.
  return entry.under_way.recipients == 0 &&
         entry.history.numbers.alarmed_until_ns <= ToNs(clock_.Now());
}

void History::Table::Drop(Shard* shard, Entries::iterator entry) {
  shard->octets -= std::min(shard->octets, OctetsOf(*entry));
  shard->gone.push_back(entry->name);
  shard->by_name.erase(entry->name);
  shard->entries.erase(entry);
}

void History::Table::MakeRoom(Shard* shard) const {
  auto place = shard->entries.end();
  while (shard->octets > options_.memory / kShards &&
         place != shard->entries.begin()) {
    --place;
    // The newest is in use.
    if (place == shard->entries.begin()) return;
    if (!MayLeave(*place)) continue;
    const auto leaving = place++;
    Drop(shard, leaving);
  }
}

bool History::Table::Knows(const std::string& owner, std::uint64_t hash) const {
  const SeenTime now = Now();
  const Shard& shard = shards_[ShardOf(owner)];
  const std::lock_guard lock(shard.mutex);
  const Entry* entry = Find(shard, owner);
  return entry != nullptr &&
         now.today - entry->history.numbers.day <= now.forget_after &&
         entry->history.seen.Knows(hash, now);
}

History::Habits History::Table::Look(const std::string& owner) const {
  const SeenTime now = Now();
  OwnerHistory today;  // without what was seen, which numbers do not need
  Habits habits;
  const Shard& shard = shards_[ShardOf(owner)];
  {
    const std::lock_guard lock(shard.mutex);
    const Entry* entry = Find(shard, owner);
    if (entry == nullptr) {
      habits.numbers.day = now.today;
      return habits;
    }
    today.numbers = entry->history.numbers;
    habits.under_way = entry->under_way;
  }
  today.Settle(now);
  habits.numbers = std::move(today.numbers);
  return habits;
}

void History::Table::AddUnderWay(const std::string& owner,
                                 const UnderWay& more) {
  Shard& shard = shards_[ShardOf(owner)];
  const std::lock_guard lock(shard.mutex);
  const bool is_new = Find(shard, owner) == nullptr;
  Entry* entry = Enter(&shard, owner);
  if (is_new) shard.octets += OctetsOf(*entry);
  entry->under_way.recipients += more.recipients;
  entry->under_way.new_recipients += more.new_recipients;
  entry->under_way.new_recipient_domains += more.new_recipient_domains;
  MakeRoom(&shard);
}

History::Table::Recorded History::Table::Record(const std::string& owner,
                                                HistoryChange change,
                                                const Test& test) {
  const SeenTime now = Now();
  change.day = now.today;
  Shard& shard = shards_[ShardOf(owner)];
  const std::lock_guard lock(shard.mutex);
  const Entry* known = Find(shard, owner);
  if (!test(known == nullptr ? OwnerNumbers{} : known->history.numbers))
    return {};
  if (known != nullptr)
    shard.octets -= std::min(shard.octets, OctetsOf(*known));
  Entry* entry = Enter(&shard, owner);
  entry->history.Apply(change, now.forget_after);
  entry->sequence = ++last_sequence_;
  shard.octets += OctetsOf(*entry);
  if (!std::exchange(entry->is_changed, true)) shard.changed.push_back(owner);
  Recorded recorded{true, {owner, entry->sequence, std::move(change)}};
  MakeRoom(&shard);
  return recorded;
}

std::vector<History::Alarm> History::Table::Alarms() const {
  const std::int64_t now_ns = ToNs(clock_.Now());
  std::vector<Alarm> alarms;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    for (const Entry& entry : shard.entries) {
      const OwnerNumbers& numbers = entry.history.numbers;
      if (numbers.alarmed_until_ns > now_ns)
        alarms.push_back(
            {entry.name, numbers.alarm_reason,
             TimePoint(std::chrono::nanoseconds(numbers.alarmed_until_ns))});
    }
  }
  return alarms;
}

History::Size History::Table::size() const {
  Size size;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size.owners += shard.entries.size();
    size.octets += shard.octets;
  }
  return size;
}

History::Table::Changed History::Table::TakeChanged(std::size_t index) {
  const SeenTime now = Now();
  Shard& shard = shards_[index];
  const std::lock_guard lock(shard.mutex);
  while (!shard.entries.empty()) {
    const auto oldest = std::prev(shard.entries.end());
    if (oldest->history.numbers.day >= now.today - now.forget_after ||
        !MayLeave(*oldest))
      break;
    Drop(&shard, oldest);
  }
  Changed changed;
  changed.gone = std::exchange(shard.gone, {});
  for (const std::string& name : std::exchange(shard.changed, {})) {
    const auto found = shard.by_name.find(name);
    if (found == shard.by_name.end()) continue;
    Entry& entry = *found->second;
    entry.is_changed = false;
    changed.rows.push_back({name, entry.sequence, entry.history});
  }
  return changed;
}

void History::Table::ReturnChanged(std::size_t index, const Changed& changed) {
  Shard& shard = shards_[index];
  const std::lock_guard lock(shard.mutex);
  for (const OwnerRow& row : changed.rows) {
    const auto found = shard.by_name.find(row.name);
    if (found == shard.by_name.end()) continue;
    if (!std::exchange(found->second->is_changed, true))
      shard.changed.push_back(row.name);
  }
  shard.gone.insert(shard.gone.end(), changed.gone.begin(), changed.gone.end());
}

}  // namespace postern
