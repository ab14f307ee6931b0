#include "milter/heartbeat.h"

#include <condition_variable>

namespace postern {

Heartbeat::Heartbeat(Pace pace)
    : pace_(pace),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

Heartbeat::Watch::Watch(Heartbeat* heartbeat, Mta& mta)
    : heartbeat_(heartbeat), entry_(1) {
  place_ = entry_.begin();
  *place_ = {.mta = &mta, .next = In(heartbeat_->pace_.silence)};
  const std::lock_guard lock(heartbeat_->mutex_);
  heartbeat_->waiting_.splice(heartbeat_->waiting_.end(), entry_);
}

Heartbeat::Watch::~Watch() {
  const std::lock_guard lock(heartbeat_->mutex_);
  entry_.splice(entry_.end(), heartbeat_->waiting_, place_);
}

void Heartbeat::Run(const std::stop_token& stop) {
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    stopped.wait_for(lock, stop, pace_.wake, [] { return false; });
    const Deadline now = std::chrono::steady_clock::now();
    for (Waiting& waiting : waiting_) {
      if (waiting.next > now) continue;
      // A lost MTA shows itself when the verdict is written. Five octets to a
      // peer that only waits for us do not block.
      (void)waiting.mta->Progress();
      waiting.next = now + pace_.silence;
    }
  }
}

}  // namespace postern
