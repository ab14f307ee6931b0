// CounterStore: the counters on disk (SQLite, WAL), written once a second.
//
// One process has it at a time: a lock file says whose it is. A store that
// cannot be read, or was made by a newer version, is an Error that says what to
// do; it is never replaced by an empty one. One of an older version is brought
// up to date. Belongs to one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"
#include "policy/base/sqlite.h"
#include "policy/limits/counter_row.h"

namespace postern {

class CounterStore {
 public:
  // Held while the store is used; not open: another process has it. Makes the
  // directory where there is none.
  [[nodiscard]] static Result<FileDescriptor> Lock(
      const std::string& directory);
  // Makes the file where there is none.
  [[nodiscard]] static Result<CounterStore> Open(const std::string& directory);

  // False: no daemon has counted there yet.
  [[nodiscard]] static bool Exists(const std::string& directory);
  // Only to read: the program that writes it may run.
  [[nodiscard]] static Result<CounterStore> Peek(const std::string& directory);

  struct State {
    std::int64_t written_at_ns = 0;
    // The last process did not close it, and the machine has been restarted
    // since: what the journal had may be missing.
    bool has_lost_power = false;
  };
  [[nodiscard]] Result<State> ReadState();
  // Row by row: there may be more than fit twice into memory.
  [[nodiscard]] Result<void> Read(
      const std::function<void(const CounterRow&)>& take);
  // In one transaction, each at its id; drained ones are deleted.
  [[nodiscard]] Result<void> Write(std::span<const CounterRow> rows,
                                   std::int64_t now_ns);
  [[nodiscard]] Result<void> MarkOpen();
  [[nodiscard]] Result<void> MarkClosed();

 private:
  explicit CounterStore(SqliteDatabase database)
      : database_(std::move(database)) {}
  [[nodiscard]] Result<void> Remember(std::string_view name,
                                      std::string_view value);

  SqliteDatabase database_;
};

// Names the run of the operating system; empty when it does not say.
[[nodiscard]] std::string BootId();

}  // namespace postern
