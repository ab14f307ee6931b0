// EmbeddedLimiter: the limiter of one process. The table in memory decides; the
// journal and the store make it last.
//
// A killed process loses nothing: the journal has every charge. After a loss of
// power the last second may be missing from the disk, so each counter that is
// known is charged with what its rates admit in one second. Open reservations
// of a process that ended stay charged and drain. A store that cannot be
// written is reported once, the counting goes on in memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "policy/limits/counter_journal.h"
#include "policy/limits/counter_store.h"
#include "policy/limits/counter_table.h"
#include "policy/limits/limit_time.h"
#include "policy/limits/limiter.h"

namespace postern {

class EmbeddedLimiter final : public Limiter {
 public:
  static Result<std::unique_ptr<EmbeddedLimiter>> Open(
      const std::string& directory, const Clock& clock);
  EmbeddedLimiter(const EmbeddedLimiter&) = delete;
  EmbeddedLimiter& operator=(const EmbeddedLimiter&) = delete;
  ~EmbeddedLimiter() override;

  [[nodiscard]] Answer Reserve(std::span<const LimitCharge> charges) override;
  [[nodiscard]] Result<void> Flush() override;
  [[nodiscard]] Result<std::vector<LimitUse>> Show(
      const UseFilter& filter) override;
  [[nodiscard]] Result<void> Grant(const LimitGrant& grant) override;
  [[nodiscard]] Result<bool> Clear(const std::string& rule,
                                   const std::string& key) override;

 private:
  // What reservations need as well, and may outlive the limiter with.
  struct Counting;
  class Held;

  explicit EmbeddedLimiter(const Clock& clock);
  [[nodiscard]] Result<void> Load(const std::string& directory);
  [[nodiscard]] Result<void> WriteChanged();
  void WriteEachSecond(const std::stop_token& stop);

  std::shared_ptr<Counting> counting_;
  std::mutex write_mutex_;  // guards the two below
  std::optional<CounterStore> store_;
  bool is_failing_ = false;
  std::mutex wake_mutex_;
  std::condition_variable_any wake_;
  std::jthread writer_;  // writes what changed, each second
};

}  // namespace postern
