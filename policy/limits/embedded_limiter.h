// EmbeddedLimiter: the limiter of one process. The table in memory decides; the
// journal and the store make it last.
//
// A killed process loses no charge: each is in the journal before its message
// is answered. What it had reserved and not committed is free again, for those
// messages were not taken. After a loss of power the last second may be missing
// from the disk, so each counter that is known is charged with what its rates
// admit in one second. Warnings may be told again.
//
// While the store can be neither read nor written, or there is no room for
// another key, each rule does as its store_down says. kLocal counts on in
// memory; a key without room is over the limit then, unless the rule is open.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "policy/base/file_descriptor.h"
#include "policy/limits/counter_store.h"
#include "policy/limits/counting.h"
#include "policy/limits/limiter.h"

namespace postern {

class EmbeddedLimiter final : public Limiter {
 public:
  struct Options {
    int most_keys = kMostKeys;     // of 100 to 150 octets each
    bool writes_by_itself = true;  // tests may want to say when
  };
  // Fails when another process has the store.
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedLimiter>> Open(
      const std::string& directory, const Clock& clock, const Options& options);
  // What stands on disk, only to be shown: nothing is locked or written.
  [[nodiscard]] static Result<std::unique_ptr<EmbeddedLimiter>> Peek(
      const std::string& directory, const Clock& clock);
  EmbeddedLimiter(const EmbeddedLimiter&) = delete;
  EmbeddedLimiter& operator=(const EmbeddedLimiter&) = delete;
  ~EmbeddedLimiter() override;

  [[nodiscard]] Answer Reserve(std::span<const LimitCharge> charges) override;
  [[nodiscard]] Result<void> Flush() override;
  [[nodiscard]] Result<void> Close() override;
  [[nodiscard]] Result<std::vector<LimitUse>> Show(
      const UseFilter& filter) override;
  [[nodiscard]] Result<void> Grant(const LimitGrant& grant) override;
  [[nodiscard]] Result<bool> Clear(const std::string& rule,
                                   const std::string& key) override;
  [[nodiscard]] std::vector<Statement> Status() override;

 private:
  class Held;
  struct Claims;

  EmbeddedLimiter(const Clock& clock, std::size_t most_keys);
  [[nodiscard]] Result<void> Load(const std::string& directory);
  [[nodiscard]] Claims Merge(std::span<const LimitCharge> charges) const;
  [[nodiscard]] std::vector<LimitCharge> Asked(
      std::span<const LimitCharge> charges, Answer* answer) const;
  [[nodiscard]] LimitOverrun Unavailable(const LimitCharge& charge) const;
  [[nodiscard]] LimitUse UseOf(std::string_view name, const Counter& counter,
                               std::int64_t now_ns) const;
  void TellFull();
  void GoOnWithout(const std::string& reason);
  [[nodiscard]] Result<void> WriteChanged(bool always);
  void WriteEachSecond(const std::stop_token& stop);

  std::shared_ptr<Counting> counting_;
  std::mutex write_mutex_;  // guards the two below
  std::optional<CounterStore> store_;
  std::string fault_;    // why it is not written, or was never read
  FileDescriptor lock_;  // the store is ours
  std::mutex wake_mutex_;
  std::condition_variable_any wake_;
  std::jthread writer_;  // writes what changed, each second
};

}  // namespace postern
