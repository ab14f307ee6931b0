#include "policy/limits/history/seen_set.h"

#include <algorithm>
#include <bit>

namespace postern {
namespace {

constexpr int kDaysPerStep = 2;
constexpr int kSteps = 255;
constexpr std::uint32_t kStampMask = 0xff;
// A clock that was ahead may have stamped that many steps into the future.
constexpr int kFutureSteps = 30;

std::uint32_t StampOf(int day) {
  return static_cast<std::uint32_t>(day / kDaysPerStep % kSteps + 1);
}

// In steps.
int AgeOf(std::uint32_t slot, int today) {
  const int then = static_cast<int>(slot & kStampMask) - 1;
  const int age = (today / kDaysPerStep % kSteps - then + kSteps) % kSteps;
  return age >= kSteps - kFutureSteps ? 0 : age;
}

bool IsAlive(std::uint32_t slot, SeenTime time) {
  return slot != 0 &&
         AgeOf(slot, time.today) * kDaysPerStep <= time.forget_after;
}

std::uint32_t TagOf(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 40) << 8;
}

bool IsSameTag(std::uint32_t slot, std::uint32_t tag) {
  return (slot & ~kStampMask) == tag && slot != 0;
}

}  // namespace

std::size_t SeenSet::BucketOf(Slot slot) const {
  return (slot >> 8) % (slots_.size() / kBucket) * kBucket;
}

bool SeenSet::Knows(std::uint64_t hash, SeenTime time) const {
  if (slots_.empty()) return false;
  const std::uint32_t tag = TagOf(hash);
  const auto start =
      slots_.begin() + static_cast<std::ptrdiff_t>(BucketOf(tag));
  return std::any_of(start, start + kBucket, [&](Slot slot) {
    return IsSameTag(slot, tag) && IsAlive(slot, time);
  });
}

bool SeenSet::See(std::uint64_t hash, SeenTime time) {
  const std::uint32_t tag = TagOf(hash);
  const Slot slot = tag | StampOf(time.today);
  if (slots_.empty()) slots_.resize(kBucket);
  for (;;) {
    const auto start =
        slots_.begin() + static_cast<std::ptrdiff_t>(BucketOf(tag));
    const auto end = start + kBucket;
    const auto same = std::find_if(
        start, end, [&](Slot other) { return IsSameTag(other, tag); });
    if (same != end) {
      const bool was_new = !IsAlive(*same, time);
      *same = slot;
      return was_new;
    }
    const auto free = std::find_if(
        start, end, [&](Slot other) { return !IsAlive(other, time); });
    if (free != end || slots_.size() >= kMostSlots) {
      // Full: the one not seen for longest makes room.
      *(free != end ? free : std::max_element(start, end, [&](Slot a, Slot b) {
        return AgeOf(a, time.today) < AgeOf(b, time.today);
      })) = slot;
      return true;
    }
    Grow();
  }
}

void SeenSet::Forget(SeenTime time) {
  for (Slot& slot : slots_)
    if (!IsAlive(slot, time)) slot = 0;
}

std::size_t SeenSet::size() const {
  return slots_.size() -
         static_cast<std::size_t>(std::count(slots_.begin(), slots_.end(), 0U));
}

bool SeenSet::Put(Slot slot) {
  const auto start =
      slots_.begin() + static_cast<std::ptrdiff_t>(BucketOf(slot));
  const auto free = std::find(start, start + kBucket, 0U);
  if (free == start + kBucket) return false;
  *free = slot;
  return true;
}

void SeenSet::Grow() {
  // Each bucket splits into two, so all find room.
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot slot : old)
    if (slot != 0) (void)Put(slot);
}

std::string SeenSet::Encode() const {
  std::string octets;
  for (const Slot slot : slots_)
    for (int shift = 0; slot != 0 && shift < 32; shift += 8)
      octets += static_cast<char>(slot >> shift & 0xff);
  return octets;
}

std::optional<SeenSet> SeenSet::Decode(std::string_view octets) {
  SeenSet set;
  const std::size_t count = octets.size() / sizeof(Slot);
  if (octets.size() % sizeof(Slot) != 0 || count > kMostSlots)
    return std::nullopt;
  if (count == 0) return set;
  set.slots_.resize(std::max(kBucket, std::bit_ceil(count)));
  for (std::size_t i = 0; i < octets.size(); i += sizeof(Slot)) {
    Slot slot = 0;
    for (std::size_t octet = 0; octet < sizeof(Slot); ++octet)
      slot |= static_cast<Slot>(static_cast<unsigned char>(octets[i + octet]))
              << (8 * octet);
    if ((slot & kStampMask) == 0) return std::nullopt;
    while (!set.Put(slot)) {
      // More of one bucket than Encode could have written.
      if (set.slots_.size() >= kMostSlots) return std::nullopt;
      set.Grow();
    }
  }
  return set;
}

}  // namespace postern
