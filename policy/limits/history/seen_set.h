// SeenSet: what has been seen and roughly when, in few octets.
//
// Each thing is kept as 24 bits of its hash and the day (in steps of two) on
// which it was last seen: 4 octets, in buckets of 16. The set doubles when a
// bucket is full, up to kMostSlots (64 KiB); from then on the one not seen for
// longest leaves its bucket and is new again. Another thing passes for known
// with the chance size() / 2^24: about one in 1,000 at most. The day is kept
// modulo 510: Forget is due on each day on which the set is used.
// Belongs to one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

// Days since the epoch, and for how many of them a thing stays known.
struct SeenTime {
  int today = 0;
  int forget_after = 180;  // at most SeenSet::kMostDays
};

class SeenSet {
 public:
  static constexpr std::size_t kMostSlots = 16'384;
  static constexpr int kMostDays = 220;  // an age may be twice that

  [[nodiscard]] bool Knows(std::uint64_t hash, SeenTime time) const;
  // True: it was new.
  bool See(std::uint64_t hash, SeenTime time);
  // Drops what is older than that.
  void Forget(SeenTime time);

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t octets() const {
    return slots_.capacity() * sizeof(Slot);
  }

  [[nodiscard]] std::string Encode() const;
  [[nodiscard]] static std::optional<SeenSet> Decode(std::string_view octets);

 private:
  using Slot = std::uint32_t;  // 24 bits of the hash, 8 of the day; 0: empty
  static constexpr std::size_t kBucket = 16;

  [[nodiscard]] std::size_t BucketOf(Slot slot) const;
  // Into its bucket; false: that is full.
  bool Put(Slot slot);
  void Grow();

  std::vector<Slot> slots_;  // none, or kBucket times a power of two
};

}  // namespace postern
