#include "milter/traffic.h"

namespace postern {

Traffic::Place Traffic::Enter() {
  const std::lock_guard lock(mutex_);
  if (is_closing_) return Place(nullptr, Left{&Traffic::under_way_});
  ++under_way_;
  return Place(this, Left{&Traffic::under_way_});
}

Traffic::Place Traffic::Judge(int at_most, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  const auto deadline = std::chrono::steady_clock::now() + wait;
  const bool is_free =
      freed_.wait_until(lock, deadline, [&] { return judging_ < at_most; });
  if (!is_free) return Place(nullptr, Left{&Traffic::judging_});
  ++judging_;
  return Place(this, Left{&Traffic::judging_});
}

void Traffic::Close() {
  const std::lock_guard lock(mutex_);
  is_closing_ = true;
}

int Traffic::under_way() const {
  const std::lock_guard lock(mutex_);
  return under_way_;
}

void Traffic::Leave(int Traffic::* count) {
  {
    const std::lock_guard lock(mutex_);
    --(this->*count);
  }
  freed_.notify_all();
}

}  // namespace postern
