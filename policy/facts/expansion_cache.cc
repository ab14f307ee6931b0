#include "policy/facts/expansion_cache.h"

#include <utility>

namespace postern {
namespace {

// Of an entry's places in the map.
constexpr std::size_t kOverhead = 200;

// No URL has this form.
std::string KeyOfHost(const std::string& host) { return " " + host; }

}  // namespace

Expansion PendingExpansion::Wait(Deadline deadline) {
  std::unique_lock lock(mutex_);
  if (settled_.wait_until(lock, deadline, [&] { return answer_.has_value(); }))
    return *answer_;
  return {.reason = "no answer in time"};
}

void PendingExpansion::Settle(Expansion answer) {
  const std::scoped_lock lock(mutex_);
  answer_ = std::move(answer);
  settled_.notify_all();
}

std::optional<Expansion> ExpansionCache::Fresh(const std::string& key,
                                               Deadline now) const {
  for (const Generation* generation : {&young_, &old_})
    if (const auto found = generation->find(key); found != generation->end())
      if (now < found->second.until) return found->second.answer;
  return std::nullopt;
}

void ExpansionCache::Keep(const std::string& key, Entry entry) {
  const std::size_t bytes =
      kOverhead + 2 * key.size() + entry.answer.url.size() +
      entry.answer.reason.size() + entry.answer.via.size();
  if (bytes > kGenerationBytes) return;
  if (young_bytes_ + bytes > kGenerationBytes) {
    old_ = std::exchange(young_, {});
    old_bytes_ = std::exchange(young_bytes_, 0);
  }
  // Counted again when it is replaced: the bound errs to the safe side.
  young_.insert_or_assign(key, std::move(entry));
  young_bytes_ += bytes;
}

ExpansionCache::Place ExpansionCache::Find(const std::string& url,
                                           Deadline now) {
  const std::scoped_lock lock(mutex_);
  if (std::optional<Expansion> answer = Fresh(url, now))
    return {std::move(answer), nullptr, false};
  auto [place, is_first] = pending_.try_emplace(url);
  if (is_first) place->second = std::make_shared<PendingExpansion>();
  return {std::nullopt, place->second, is_first};
}

void ExpansionCache::Settle(const std::string& url, const Expansion& answer,
                            Deadline until) {
  std::shared_ptr<PendingExpansion> pending;
  {
    const std::scoped_lock lock(mutex_);
    Keep(url, {answer, until});
    if (const auto place = pending_.find(url); place != pending_.end()) {
      pending = std::move(place->second);
      pending_.erase(place);
    }
  }
  if (pending) pending->Settle(answer);
}

void ExpansionCache::Pause(const std::string& host, Deadline until) {
  const std::scoped_lock lock(mutex_);
  Keep(KeyOfHost(host), {{}, until});
}

bool ExpansionCache::IsPaused(const std::string& host, Deadline now) {
  const std::scoped_lock lock(mutex_);
  return Fresh(KeyOfHost(host), now).has_value();
}

std::size_t ExpansionCache::bytes() const {
  const std::scoped_lock lock(mutex_);
  return young_bytes_ + old_bytes_;
}

}  // namespace postern
