#include "policy/facts/content_cache.h"

#include <utility>

#include "policy/base/sha256.h"
#include "policy/base/text.h"

namespace postern {
namespace {

// Of an entry's key and its places in the list and the map.
constexpr std::size_t kOverhead = 300;
// Less is read as fast as its hash is made.
constexpr std::size_t kLeastBytes = 1024;
// An entry may take the one part of so many.
constexpr std::size_t kLargestShare = 4;

}  // namespace

ContentCache::ContentCache(std::int64_t most_bytes)
    : secret_(RandomId()), most_bytes_(static_cast<std::size_t>(most_bytes)) {}

std::string ContentCache::KeyOf(PartText::Kind kind, std::string_view text,
                                const PhraseList* phrases) const {
  const bool has_phrases = phrases != nullptr && phrases->set;
  const char front[] = {static_cast<char>(kind), has_phrases ? '\1' : '\0'};
  Sha256 sha;
  sha.Add(secret_);
  sha.Add({front, sizeof front});
  if (has_phrases) sha.Add(phrases->digest);  // always as long
  sha.Add(text);
  return sha.Finish();
}

std::shared_ptr<const PartText> ContentCache::Find(const std::string& key) {
  const std::scoped_lock lock(mutex_);
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  uses_.splice(uses_.begin(), uses_, found->second);
  return found->second->text;
}

void ContentCache::Keep(std::string key, std::shared_ptr<const PartText> text) {
  const std::size_t bytes = text->bytes() + kOverhead;
  if (bytes > most_bytes_ / kLargestShare) return;
  Uses gone;  // freed without the lock
  const std::scoped_lock lock(mutex_);
  if (by_key_.contains(key)) return;  // another thread has read it as well
  while (bytes_ + bytes > most_bytes_) {
    bytes_ -= uses_.back().bytes;
    by_key_.erase(uses_.back().key);
    gone.splice(gone.begin(), uses_, std::prev(uses_.end()));
  }
  uses_.push_front({std::move(key), std::move(text), bytes});
  by_key_.emplace(uses_.front().key, uses_.begin());
  bytes_ += bytes;
}

std::shared_ptr<const PartText> ContentCache::Read(PartText::Kind kind,
                                                   std::string_view text,
                                                   const PhraseList* phrases) {
  std::string key;
  if (text.size() >= kLeastBytes && most_bytes_ > 0)
    key = KeyOf(kind, text, phrases);
  if (!key.empty())
    if (auto known = Find(key)) return known;
  auto read =
      std::make_shared<const PartText>(ReadPartText(kind, text, phrases));
  // A search may give up for what other texts have left of its memory.
  if (!key.empty() && !read->is_undecided) Keep(std::move(key), read);
  return read;
}

std::size_t ContentCache::bytes() const {
  const std::scoped_lock lock(mutex_);
  return bytes_;
}

}  // namespace postern
