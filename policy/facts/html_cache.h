// HtmlCache: what was read of the HTML parts of late messages, by their
// content.
//
// The parts that a campaign repeats are read once. The key is the SHA-256 of
// the whole part: nobody can make another part that is taken for it. Any thread
// may call. Bounded by octets: each shard keeps two generations and forgets the
// older one when the younger is full; what is larger than a generation is not
// kept. What it gives is immutable and outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/message/html.h"

namespace postern {

class HtmlCache {
 public:
  // 0: nothing is kept.
  explicit HtmlCache(std::int64_t most_bytes)
      : generation_bytes_(static_cast<std::size_t>(most_bytes) /
                          (2 * kShards)) {}

  // As ReadHtml says of it, read now or remembered; never null.
  [[nodiscard]] std::shared_ptr<const HtmlFacts> Read(std::string_view html);

  // What it holds now, about.
  [[nodiscard]] std::size_t bytes() const;

  static constexpr std::size_t kShards = 8;

 private:
  using Entry = std::shared_ptr<const HtmlFacts>;
  using Generation = std::unordered_map<std::string, Entry>;
  struct Shard {
    mutable std::mutex mutex;
    Generation young, old;
    std::size_t young_bytes = 0, old_bytes = 0;

    [[nodiscard]] Entry Find(const std::string& key);
    void Keep(const std::string& key, Entry entry, std::size_t most_bytes);
  };

  const std::size_t generation_bytes_;
  std::array<Shard, kShards> shards_;
};

}  // namespace postern
