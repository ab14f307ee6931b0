#include "policy/facts/dns_cache.h"

#include <algorithm>
#include <utility>

namespace postern {
namespace {

using std::chrono::seconds;

// A published record may change at any time; a missing one is often being
// added right now; a server that failed may be back the next moment.
seconds Lifetime(const DnsAnswer& answer) {
  switch (answer.status) {
    case DnsStatus::kOk:
      return std::clamp(answer.ttl, seconds(5), seconds(3600));
    case DnsStatus::kNoData:
    case DnsStatus::kNxDomain:
      return std::clamp(answer.ttl, seconds(5), seconds(60));
    case DnsStatus::kTempError:
      return seconds(2);
  }
  return seconds(0);
}

}  // namespace

DnsAnswer PendingAnswer::Wait(Deadline deadline) {
  std::unique_lock lock(mutex_);
  settled_.wait_until(lock, deadline, [this] { return answer_.has_value(); });
  return answer_.value_or(DnsAnswer{});
}

void PendingAnswer::Settle(DnsAnswer answer) {
  {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  settled_.notify_all();
}

std::optional<DnsAnswer> DnsCache::Shard::Fresh(const DnsQuestion& question,
                                                Deadline now) {
  auto found = young.find(question);
  const bool is_young = found != young.end();
  if (!is_young) found = old.find(question);
  if (!is_young && found == old.end()) return std::nullopt;
  if (found->second.expires <= now) return std::nullopt;
  DnsAnswer answer = found->second.answer;
  if (!is_young) Keep(question, Entry(found->second));
  return answer;
}

void DnsCache::Shard::Keep(const DnsQuestion& question, Entry entry) {
  if (young.size() >= kGenerationSize) old = std::exchange(young, {});
  young.insert_or_assign(question, std::move(entry));
}

DnsCache::Place DnsCache::Find(const DnsQuestion& question, Deadline now) {
  Shard& shard = ShardOf(question);
  const std::lock_guard lock(shard.mutex);
  if (auto answer = shard.Fresh(question, now))
    return {std::move(answer), nullptr, false};
  const auto [place, is_first] = shard.pending.try_emplace(question);
  if (is_first) place->second = std::make_shared<PendingAnswer>();
  return {std::nullopt, place->second, is_first};
}

void DnsCache::Settle(const DnsQuestion& question, DnsAnswer answer,
                      Deadline now) {
  Shard& shard = ShardOf(question);
  std::shared_ptr<PendingAnswer> pending;
  {
    const std::lock_guard lock(shard.mutex);
    shard.Keep(question, {answer, now + Lifetime(answer)});
    const auto waiting = shard.pending.find(question);
    if (waiting != shard.pending.end()) {
      pending = std::move(waiting->second);
      shard.pending.erase(waiting);
    }
  }
  if (pending) pending->Settle(std::move(answer));
}

std::size_t DnsCache::size() const {
  std::size_t entries = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    entries += shard.young.size() + shard.old.size();
  }
  return entries;
}

}  // namespace postern
