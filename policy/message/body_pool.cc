#include "policy/message/body_pool.h"

#include <sys/mman.h>

#include <utility>

namespace postern {

std::shared_ptr<BodyPool> BodyPool::Make(std::size_t budget_bytes) {
  return std::shared_ptr<BodyPool>(new BodyPool(budget_bytes));
}

BodyPool::~BodyPool() {
  for (const Idle& region : idle_) ::munmap(region.octets, kRegionBytes);
}

std::unique_ptr<BodyPool::Region> BodyPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      const Idle idle = idle_.back();
      idle_.pop_back();
      return std::unique_ptr<Region>(
          new Region(shared_from_this(), idle.octets, idle.touched));
    }
  }
  {
    // So that giving back cannot fail.
    const std::lock_guard lock(mutex_);
    idle_.reserve(++regions_);
  }
  void* map = ::mmap(nullptr, kRegionBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (map == MAP_FAILED) return nullptr;
  return std::unique_ptr<Region>(
      new Region(shared_from_this(), static_cast<char*>(map), 0));
}

std::size_t BodyPool::touched_bytes() const {
  const std::lock_guard lock(mutex_);
  return touched_;
}

// What lies idle makes room for what is asked for.
bool BodyPool::Charge(std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  while (touched_ + bytes > budget_ && !idle_.empty()) {
    ::munmap(idle_.front().octets, kRegionBytes);
    touched_ -= idle_.front().touched;
    --regions_;
    idle_.erase(idle_.begin());
  }
  if (touched_ + bytes > budget_) return false;
  touched_ += bytes;
  return true;
}

void BodyPool::GiveBack(Idle region) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(region);
}

BodyPool::Region::~Region() { pool_->GiveBack({octets_, touched_}); }

bool BodyPool::Region::Grow(std::size_t bytes) {
  if (bytes <= touched_) return true;
  if (bytes > kRegionBytes || !pool_->Charge(bytes - touched_)) return false;
  touched_ = bytes;
  return true;
}

}  // namespace postern
