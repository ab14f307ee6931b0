#include "policy/limits/counter_table.h"

#include <algorithm>
#include <utility>

namespace postern {

// Holds the locks of all shards that the claims touch.
class CounterTable::Locks {
 public:
  Locks(std::array<Shard, kShards>* shards, std::span<const Claim> claims) {
    std::vector<std::size_t> wanted;
    for (const Claim& claim : claims) wanted.push_back(ShardOf(claim.name));
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    for (const std::size_t shard : wanted)
      locks_.emplace_back((*shards)[shard].mutex);
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

std::size_t CounterTable::ShardOf(const std::string& name) {
  // The map inside uses the low bits of the same hash.
  return (std::hash<std::string>()(name) >> 24) % kShards;
}

Counter& CounterTable::CounterOf(const Claim& claim, std::int64_t now_ns) {
  Counter& counter = shards_[ShardOf(claim.name)].counters[claim.name];
  counter.Settle(claim.terms, now_ns);
  return counter;
}

void CounterTable::MarkChanged(const std::string& name, Counter* counter) {
  if (counter->is_dirty) return;
  counter->is_dirty = true;
  shards_[ShardOf(name)].changed.push_back(name);
}

std::optional<CounterTable::Refusal> CounterTable::Reserve(
    std::span<const Claim> claims, std::uint64_t id, std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  std::optional<Refusal> worst;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Claim& claim = claims[i];
    Counter& counter = CounterOf(claim, now_ns);
    MarkChanged(claim.name, &counter);
    for (std::size_t rate = 0; rate < claim.terms.size(); ++rate) {
      const auto when = WhenAdmitted(counter.meters()[rate], claim.terms[rate],
                                     claim.cost, now_ns);
      if (when && *when <= now_ns) continue;
      if (!worst || IsLater(when, worst->retry_at_ns))
        worst = Refusal{.claim = i, .rate = rate, .retry_at_ns = when};
    }
  }
  if (worst) return worst;
  for (const Claim& claim : claims)
    CounterOf(claim, now_ns).Reserve(claim.terms, id, claim.cost, now_ns);
  Record(claims);
  return std::nullopt;
}

void CounterTable::Commit(std::span<const Claim> claims, std::uint64_t id,
                          std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  std::vector<Claim> lapsed;
  for (const Claim& claim : claims) {
    Counter& counter = CounterOf(claim, now_ns);
    if (counter.Commit(id)) continue;
    counter.ChargeAnyway(claim.terms, claim.cost, now_ns);
    MarkChanged(claim.name, &counter);
    lapsed.push_back(claim);
  }
  if (!lapsed.empty()) Record(lapsed);
}

void CounterTable::Cancel(std::span<const Claim> claims, std::uint64_t id,
                          std::int64_t now_ns) {
  const Locks locks(&shards_, claims);
  for (const Claim& claim : claims) {
    Counter& counter = CounterOf(claim, now_ns);
    counter.Cancel(id, now_ns);
    MarkChanged(claim.name, &counter);
  }
  Record(claims);
}

void CounterTable::Record(std::span<const Claim> claims) {
  if (!recorder_) return;
  std::vector<CounterRow> rows;
  for (const Claim& claim : claims) {
    const Shard& shard = shards_[ShardOf(claim.name)];
    rows.push_back(
        {claim.name, ToRows(shard.counters.at(claim.name).meters())});
  }
  recorder_(rows);
}

void CounterTable::Load(const CounterRow& row) {
  Counter counter(ToMeters(row.meters));
  Shard& shard = shards_[ShardOf(row.name)];
  Counter& place = shard.counters[row.name] = std::move(counter);
  MarkChanged(row.name, &place);
}

std::vector<CounterRow> CounterTable::TakeChanged(std::int64_t now_ns) {
  std::vector<CounterRow> rows;
  for (std::size_t i = 0; i < kShards; ++i) {
    Shard& shard = shards_[i];
    const std::lock_guard lock(shard.mutex);
    if (i == next_sweep_) Sweep(&shard, now_ns);
    for (std::string& name : std::exchange(shard.changed, {})) {
      const auto found = shard.counters.find(name);
      Counter& counter = found->second;
      counter.is_dirty = false;
      CounterRow row{std::move(name), {}};
      if (counter.IsDrained(now_ns)) {
        shard.counters.erase(found);
      } else {
        row.meters = ToRows(counter.meters());
      }
      rows.push_back(std::move(row));
    }
  }
  next_sweep_ = (next_sweep_ + 1) % kShards;
  return rows;
}

void CounterTable::Sweep(Shard* shard, std::int64_t now_ns) {
  for (auto& [name, counter] : shard->counters)
    if (counter.IsDrained(now_ns)) MarkChanged(name, &counter);
}

void CounterTable::ReturnChanged(std::span<const CounterRow> rows) {
  for (const CounterRow& row : rows) {
    Shard& shard = shards_[ShardOf(row.name)];
    const std::lock_guard lock(shard.mutex);
    // A drained one comes back without meters, to be deleted from the store.
    MarkChanged(row.name, &shard.counters[row.name]);
  }
}

std::size_t CounterTable::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.counters.size();
  }
  return size;
}

}  // namespace postern
