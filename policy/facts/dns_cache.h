// DnsCache: decoded answers by question, and the questions under way.
//
// Any thread may call. A question is under way at most once; whoever asks it
// meanwhile waits for the same answer. Bounded: each shard keeps two
// generations of entries and forgets the older one when the younger is full.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "policy/base/clock.h"
#include "policy/facts/dns.h"

namespace postern {

struct DnsQuestion {
  std::string name;  // as QueryName gives it
  RrType type = RrType::kA;
  bool operator==(const DnsQuestion&) const = default;
};

// A question under way.
class PendingAnswer {
 public:
  // kTempError when the deadline comes first; the question goes on.
  [[nodiscard]] DnsAnswer Wait(Deadline deadline);
  void Settle(DnsAnswer answer);

 private:
  std::mutex mutex_;
  std::condition_variable settled_;
  std::optional<DnsAnswer> answer_;
};

class DnsCache {
 public:
  // Either an answer, or a question under way; the one caller that `is_first`
  // must ask it and Settle it.
  struct Place {
    std::optional<DnsAnswer> answer;
    std::shared_ptr<PendingAnswer> pending;
    bool is_first = false;
  };
  [[nodiscard]] Place Find(const DnsQuestion& question, Deadline now);
  // Keeps the answer as long as it may be kept and wakes who waits for it.
  void Settle(const DnsQuestion& question, DnsAnswer answer, Deadline now);
  [[nodiscard]] std::size_t size() const;

  static constexpr std::size_t kShards = 16;
  static constexpr std::size_t kGenerationSize = 512;

 private:
  struct QuestionHash {
    std::size_t operator()(const DnsQuestion& question) const {
      return std::hash<std::string>()(question.name) * 31 +
             static_cast<std::size_t>(question.type);
    }
  };
  struct Entry {
    DnsAnswer answer;
    Deadline expires;
  };
  template <typename T>
  using ByQuestion = std::unordered_map<DnsQuestion, T, QuestionHash>;

  struct Shard {
    mutable std::mutex mutex;
    ByQuestion<Entry> young;
    ByQuestion<Entry> old;
    ByQuestion<std::shared_ptr<PendingAnswer>> pending;

    [[nodiscard]] std::optional<DnsAnswer> Fresh(const DnsQuestion& question,
                                                 Deadline now);
    void Keep(const DnsQuestion& question, Entry entry);
  };
  Shard& ShardOf(const DnsQuestion& question) {
    return shards_[QuestionHash()(question) % kShards];
  }

  std::array<Shard, kShards> shards_;
};

}  // namespace postern
