#include "policy/signing/key_cache.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "policy/base/text.h"

namespace postern {
namespace {

KeyCache::Key Read(const KeyReference& reference) {
  return reference.file.empty() ? PrivateKey::FromText(reference.text)
                                : PrivateKey::FromFile(reference.file);
}

bool IsStale(const KeyCache::Key& key,
             std::chrono::steady_clock::time_point read_at) {
  return !key && std::chrono::steady_clock::now() - read_at >= KeyCache::kRetry;
}

}  // namespace

KeyCache::Key KeyCache::Get(const KeyReference& reference) {
  const std::string& source =
      reference.file.empty() ? reference.text : reference.file;
  if (std::optional<Key> found = Find(source)) return *std::move(found);
  Key key = Read(reference);
  Keep(source, key);
  return key;
}

std::size_t KeyCache::size() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

std::optional<KeyCache::Key> KeyCache::Find(const std::string& source) {
  const std::lock_guard lock(mutex_);
  const auto found = by_source_.find(source);
  if (found == by_source_.end()) return std::nullopt;
  kept_.splice(kept_.begin(), kept_, found->second);
  const Kept& kept = kept_.front();
  if (IsStale(kept.key, kept.read_at)) return std::nullopt;
  return kept.key;
}

void KeyCache::Keep(const std::string& source, const Key& key) {
  bool is_news = !key;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_source_.find(source); found != by_source_.end()) {
      is_news = is_news && found->second->key.has_value();
      const auto old = found->second;
      by_source_.erase(found);
      kept_.erase(old);
    }
    kept_.push_front({source, key, std::chrono::steady_clock::now()});
    by_source_.emplace(kept_.front().source, kept_.begin());
    if (kept_.size() > kMost) {
      by_source_.erase(kept_.back().source);
      kept_.pop_back();
    }
  }
  if (is_news) spdlog::error("signing key: {}", key.error().message);
}

}  // namespace postern
