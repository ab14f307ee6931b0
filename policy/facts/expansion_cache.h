// ExpansionCache: where short links lead, by URL, and the questions under way.
//
// Any thread may call. A URL is asked once at a time; whoever wants it
// meanwhile waits for the same answer. Bounded by octets: two generations, of
// which the older one is forgotten when the younger is full.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "policy/base/clock.h"
#include "policy/facts/expander.h"

namespace postern {

// A question under way.
class PendingExpansion {
 public:
  // kUnknown when the deadline comes first.
  [[nodiscard]] Expansion Wait(Deadline deadline);
  void Settle(Expansion answer);

 private:
  std::mutex mutex_;
  std::condition_variable settled_;
  std::optional<Expansion> answer_;
};

class ExpansionCache {
 public:
  // Either an answer, or a question under way; the one caller that `is_first`
  // must ask it and Settle it.
  struct Place {
    std::optional<Expansion> answer;
    std::shared_ptr<PendingExpansion> pending;
    bool is_first = false;
  };
  [[nodiscard]] Place Find(const std::string& url, Deadline now);
  // Wakes who waits, and keeps the answer until then; past: not at all.
  void Settle(const std::string& url, const Expansion& answer, Deadline until);

  // A host that does not answer is not asked again before then.
  void Pause(const std::string& host, Deadline until);
  [[nodiscard]] bool IsPaused(const std::string& host, Deadline now);

  // What it holds now, about.
  [[nodiscard]] std::size_t bytes() const;

  static constexpr std::size_t kGenerationBytes = 2 * 1024 * 1024;

 private:
  struct Entry {
    Expansion answer;
    Deadline until;
  };
  using Generation = std::unordered_map<std::string, Entry>;

  // With the lock held.
  [[nodiscard]] std::optional<Expansion> Fresh(const std::string& key,
                                               Deadline now) const;
  void Keep(const std::string& key, Entry entry);

  mutable std::mutex mutex_;
  Generation young_, old_;
  std::size_t young_bytes_ = 0, old_bytes_ = 0;
  std::unordered_map<std::string, std::shared_ptr<PendingExpansion>> pending_;
};

}  // namespace postern
