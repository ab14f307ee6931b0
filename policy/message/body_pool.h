// BodyPool: memory for large bodies, used again and again, within one budget.
//
// A region is address space for one body; pages that it has touched stay with
// the pool when it is given back, so that the next body of that size costs no
// page faults. Thread-safe; outlived by nothing it has given out (shared).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace postern {

class BodyPool : public std::enable_shared_from_this<BodyPool> {
 public:
  // Address space of one region; a body that grows beyond it is for the disk.
  static constexpr std::size_t kRegionBytes = std::size_t{32} * 1024 * 1024;

  // The budget bounds the touched memory of all regions together.
  [[nodiscard]] static std::shared_ptr<BodyPool> Make(std::size_t budget_bytes);
  ~BodyPool();
  BodyPool(const BodyPool&) = delete;
  BodyPool& operator=(const BodyPool&) = delete;

  class Region {
   public:
    ~Region();
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;

    // Makes this many octets from the start usable; false: not within the
    // budget, and nothing has changed.
    [[nodiscard]] bool Grow(std::size_t bytes);
    [[nodiscard]] char* octets() const { return octets_; }

   private:
    friend class BodyPool;
    Region(std::shared_ptr<BodyPool> pool, char* octets, std::size_t touched)
        : pool_(std::move(pool)), octets_(octets), touched_(touched) {}

    std::shared_ptr<BodyPool> pool_;
    char* octets_;
    std::size_t touched_;  // usable without asking the pool
  };

  // Null: no address space.
  [[nodiscard]] std::unique_ptr<Region> Take();
  // Of all regions, those given back included.
  [[nodiscard]] std::size_t touched_bytes() const;

 private:
  struct Idle {
    char* octets;
    std::size_t touched;
  };
  explicit BodyPool(std::size_t budget_bytes) : budget_(budget_bytes) {}
  [[nodiscard]] bool Charge(std::size_t bytes);
  void GiveBack(Idle region);

  const std::size_t budget_;
  mutable std::mutex mutex_;
  std::size_t touched_ = 0;
  std::size_t regions_ = 0;  // idle or not; a bound
  std::vector<Idle> idle_;
};

}  // namespace postern
