// ContentCache: what was read of the parts of late messages, by their content.
//
// The parts that a campaign repeats are read once. It holds only what a part's
// text decides by itself (PartText): nothing of recipients, senders, DNS or the
// clock. The key is the SHA-256 of a secret of this run, the part's kind, the
// phrases in force and the whole text: nobody can make another part that is
// taken for it, and after a reload with other phrases nothing old is found.
// Bounded by octets; what was used longest ago leaves first, and what is larger
// than a quarter is not kept. Any thread may call. What it gives is immutable
// and outlives it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "policy/facts/part_text.h"

namespace postern {

class ContentCache {
 public:
  // 0: nothing is kept.
  explicit ContentCache(std::int64_t most_bytes);

  // As ReadPartText says of it, read now or remembered; never null.
  [[nodiscard]] std::shared_ptr<const PartText> Read(PartText::Kind kind,
                                                     std::string_view text,
                                                     const PhraseList* phrases);

  // What it holds now, about.
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Kept {
    std::string key;
    std::shared_ptr<const PartText> text;
    std::size_t bytes = 0;
  };
  using Uses = std::list<Kept>;  // the latest first

  [[nodiscard]] std::string KeyOf(PartText::Kind kind, std::string_view text,
                                  const PhraseList* phrases) const;
  [[nodiscard]] std::shared_ptr<const PartText> Find(const std::string& key);
  void Keep(std::string key, std::shared_ptr<const PartText> text);

  const std::string secret_;
  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  Uses uses_;
  std::unordered_map<std::string_view, Uses::iterator> by_key_;  // into uses_
  std::size_t bytes_ = 0;
};

}  // namespace postern
