#include "policy/limits/counter_table.h"

#include <algorithm>
#include <utility>

namespace postern {

// Holds the locks of all shards that the claims touch.
class CounterTable::Locks {
 public:
  Locks(std::array<Shard, kShards>* shards, std::span<const Claim> claims) {
    std::uint64_t wanted = 0;  // a bit for each shard
    for (const Claim& claim : claims)
      wanted |= std::uint64_t{1} << ShardOf(claim.hash);
    locks_.reserve(claims.size());
    for (std::size_t i = 0; i < kShards; ++i)
      if ((wanted >> i & 1) != 0) locks_.emplace_back((*shards)[i].mutex);
  }

 private:
  std::vector<std::unique_lock<std::mutex>> locks_;
};

namespace {

// Never is later than any time.
bool IsLater(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return !a && b.has_value();
  return *a > *b;
}

}  // namespace

CounterTable::Entry* CounterTable::EntryOf(std::string_view name,
                                           std::uint64_t hash) {
  CounterMap& counters = shards_[ShardOf(hash)].counters;
  if (Entry* known = counters.Find(name, hash)) return known;
  if (size_.fetch_add(1) >= most_) {
    --size_;
    return nullptr;
  }
  return &counters.FindOrMake(name, hash);
}

void CounterTable::MarkChanged(std::uint64_t hash, Entry* entry) {
  if (entry->is_changed != 0) return;
  entry->is_changed = 1;
  shards_[ShardOf(hash)].changed.push_back(entry);
}

CounterTable::Outcome CounterTable::Reserve(std::span<const Claim> claims,
                                            std::uint64_t id,
                                            std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  Outcome outcome;
  std::vector<Entry*> entries;
  std::vector<Entry*> settled;  // under other rates than were written
  entries.reserve(claims.size());
  std::optional<Refusal>& worst = outcome.refusal;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    Entry* entry = EntryOf(claims[i].name, claims[i].hash);
    if (entry == nullptr) {
      if (!worst) worst = Refusal{.claim = i, .is_full = true};
      continue;
    }
    entries.push_back(entry);
    const bool was_fresh = entry->counter.size() == 0;
    if (entry->counter.Settle(claims[i].rates, now_ns) && !was_fresh) {
      MarkChanged(claims[i].hash, entry);
      settled.push_back(entry);
    }
    const auto refusal = entry->counter.Refuses(claims[i].cost, now_ns);
    if (!refusal) continue;
    if (!worst ||
        (!worst->is_full && IsLater(refusal->retry_at_ns, worst->retry_at_ns)))
      worst = Refusal{.claim = i,
                      .rate = refusal->rate,
                      .retry_at_ns = refusal->retry_at_ns};
  }
  // An open charge is not written down.
  Record(settled, now_ns);
  for (std::size_t i = 0; i < claims.size() && !worst; ++i)
    for (const Counter::Warning& warning :
         entries[i]->counter.Reserve(id, claims[i].cost, now_ns))
      outcome.warnings.push_back({i, warning});
  return outcome;
}

void CounterTable::Commit(std::span<const Claim> claims, std::uint64_t id,
                          std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  std::vector<Entry*> changed;
  for (const Claim& claim : claims) {
    Entry* entry = EntryOf(claim.name, claim.hash);
    if (entry == nullptr) continue;  // lapsed and left, and no room meanwhile
    entry->counter.SettleForEnd(claim.rates, now_ns);
    if (!entry->counter.Commit(id, now_ns))
      entry->counter.ChargeAnyway(claim.cost, now_ns);
    MarkChanged(claim.hash, entry);
    changed.push_back(entry);
  }
  Record(changed, now_ns);
}

void CounterTable::Cancel(std::span<const Claim> claims, std::uint64_t id,
                          std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  for (const Claim& claim : claims) {
    Entry* entry =
        shards_[ShardOf(claim.hash)].counters.Find(claim.name, claim.hash);
    if (entry == nullptr) continue;
    entry->counter.SettleForEnd(claim.rates, now_ns);
    entry->counter.Cancel(id, now_ns);  // on disk it never was
  }
}

bool CounterTable::Grant(const std::string& name, std::int64_t units,
                         std::int64_t expires_at_ns, std::int64_t now_ns) {
  const std::uint64_t hash = HashOf(name);
  const std::lock_guard lock(shards_[ShardOf(hash)].mutex);
  Entry* entry = EntryOf(name, hash);
  if (entry == nullptr) return false;
  entry->counter.Grant(units, expires_at_ns);
  MarkChanged(hash, entry);
  Record({&entry, 1}, now_ns);
  return true;
}

bool CounterTable::Forget(const std::string& name, std::int64_t now_ns) {
  const std::uint64_t hash = HashOf(name);
  Shard& shard = shards_[ShardOf(hash)];
  const std::lock_guard lock(shard.mutex);
  Entry* entry = shard.counters.Find(name, hash);
  if (entry == nullptr) return false;
  // It leaves with the next TakeChanged, and the store learns of it then.
  const bool had_any = entry->counter.Forget(now_ns);
  MarkChanged(hash, entry);
  Record({&entry, 1}, now_ns);
  return had_any;
}

void CounterTable::Record(std::span<Entry* const> entries,
                          std::int64_t now_ns) const {
  if (!recorder_ || entries.empty()) return;
  static thread_local std::vector<CounterRow> rows;  // kept for its memory
  if (rows.size() < entries.size()) rows.resize(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    rows[i].name = entries[i]->name();
    entries[i]->counter.Write(&rows[i]);
  }
  recorder_(std::span(rows).first(entries.size()), now_ns);
}

void CounterTable::ForEach(
    const std::function<void(std::string_view name, const Counter&)>& visit)
    const {
  for (const Shard& shard : shards_) {
    constexpr std::size_t kFew = 1'000;
    std::size_t parts = 1;
    for (std::size_t part = 0; part < parts; ++part) {
      const std::lock_guard lock(shard.mutex);
      if (part == 0 && shard.counters.size() > kFew) parts = kParts;
      shard.counters.ForPart(part, parts, [&](const Entry& entry) {
        visit(entry.name(), entry.counter);
      });
    }
  }
}

void CounterTable::Load(const CounterRow& row, bool is_changed) {
  std::vector<const RateTerms*> rates;
  for (const MeterRow& meter : row.meters)
    rates.push_back(RateOf({meter.count, meter.period_ns, meter.burst}));
  const std::uint64_t hash = HashOf(row.name);
  CounterMap& counters = shards_[ShardOf(hash)].counters;
  Entry* entry = counters.Find(row.name, hash);
  if (entry == nullptr) {
    // What was counted once is kept, though room may be less by now.
    entry = &counters.FindOrMake(row.name, hash);
    ++size_;
  }
  if (row.id != 0) {
    // Of two places the older one was about to be given up.
    const std::int64_t other =
        std::exchange(entry->store_id, std::max(entry->store_id, row.id));
    if (other != 0 && other != row.id)
      shards_[ShardOf(hash)].gone.push_back(std::min(other, row.id));
    last_store_id_ = std::max<std::int64_t>(last_store_id_, row.id);
  }
  entry->counter = Counter(row, rates);
  if (is_changed) MarkChanged(hash, entry);
}

void CounterTable::Take(Entry* entry, std::int64_t now_ns, Shard* shard,
                        std::vector<CounterRow>* rows) {
  entry->is_changed = 0;
  if (entry->counter.IsDrained(now_ns)) {
    if (entry->store_id != 0) rows->push_back({.id = entry->store_id});
    shard->counters.Erase(entry);
    --size_;
    return;
  }
  if (entry->store_id == 0) entry->store_id = ++last_store_id_;
  CounterRow& row = rows->emplace_back();
  row.id = entry->store_id;
  row.name = entry->name();
  entry->counter.Write(&row);
}

std::vector<CounterRow> CounterTable::TakeChanged(std::int64_t now_ns,
                                                  std::size_t* shard) {
  constexpr std::size_t kMany = 50'000;
  std::vector<CounterRow> rows;
  for (; *shard < kShards && rows.size() < kMany; ++*shard) {
    Shard& here = shards_[*shard];
    const std::lock_guard lock(here.mutex);
    if (here.taken.empty()) here.taken.swap(here.changed);
    for (; !here.taken.empty(); here.taken.pop_back()) {
      if (rows.size() >= kMany) return rows;
      Take(here.taken.back(), now_ns, &here, &rows);
    }
    for (const std::int64_t id : std::exchange(here.gone, {}))
      rows.push_back({.id = id});
    std::vector<Entry*> drained;
    here.counters.ForPart(here.next_sweep, kParts, [&](Entry& entry) {
      if (entry.is_changed == 0 && entry.counter.IsDrained(now_ns))
        drained.push_back(&entry);
    });
    here.next_sweep = (here.next_sweep + 1) % kParts;
    for (Entry* entry : drained) Take(entry, now_ns, &here, &rows);
    here.taken = {};
  }
  return rows;
}

void CounterTable::ReturnChanged(std::span<const CounterRow> rows) {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.changed.insert(shard.changed.end(), shard.taken.begin(),
                         shard.taken.end());
    shard.taken.clear();
  }
  for (const CounterRow& row : rows) {
    const std::uint64_t hash = HashOf(row.name);
    Shard& shard = shards_[ShardOf(hash)];
    const std::lock_guard lock(shard.mutex);
    Entry* entry = shard.counters.Find(row.name, hash);
    // It may have drained and left meanwhile, or be there anew.
    const bool is_there = entry != nullptr && entry->store_id == row.id;
    if (is_there) MarkChanged(hash, entry);
    if (!is_there) shard.gone.push_back(row.id);
  }
}

}  // namespace postern
