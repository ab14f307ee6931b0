#include "policy/facts/html_cache.h"

#include <utility>

#include "policy/base/sha256.h"

namespace postern {
namespace {

// Of an entry's key and its place in the map.
constexpr std::size_t kOverhead = 200;
// Shorter HTML is read as fast as its hash is made.
constexpr std::size_t kLeastBytes = 1024;

std::size_t BytesOf(const HtmlFacts& facts) {
  return facts.bytes() + kOverhead;
}

}  // namespace

HtmlCache::Entry HtmlCache::Shard::Find(const std::string& key) {
  const std::scoped_lock lock(mutex);
  for (const Generation* generation : {&young, &old})
    if (const auto found = generation->find(key); found != generation->end())
      return found->second;
  return nullptr;
}

void HtmlCache::Shard::Keep(const std::string& key, Entry entry,
                            std::size_t most_bytes) {
  const std::size_t bytes = BytesOf(*entry);
  if (bytes > most_bytes) return;
  Generation forgotten;  // freed without the lock
  const std::scoped_lock lock(mutex);
  if (young_bytes + bytes > most_bytes) {
    forgotten = std::exchange(old, std::exchange(young, {}));
    old_bytes = std::exchange(young_bytes, 0);
  }
  if (young.emplace(key, std::move(entry)).second) young_bytes += bytes;
}

std::shared_ptr<const HtmlFacts> HtmlCache::Read(std::string_view html) {
  const bool is_kept =
      html.size() >= kLeastBytes && generation_bytes_ >= kLeastBytes;
  const std::string key = is_kept ? Sha256Of(html) : std::string();
  if (key.empty()) return std::make_shared<const HtmlFacts>(ReadHtml(html));
  Shard& shard = shards_[static_cast<unsigned char>(key[0]) % kShards];
  if (Entry known = shard.Find(key)) return known;
  auto facts = std::make_shared<const HtmlFacts>(ReadHtml(html));
  shard.Keep(key, facts, generation_bytes_);
  return facts;
}

std::size_t HtmlCache::bytes() const {
  std::size_t bytes = 0;
  for (const Shard& shard : shards_) {
    const std::scoped_lock lock(shard.mutex);
    bytes += shard.young_bytes + shard.old_bytes;
  }
  return bytes;
}

}  // namespace postern
