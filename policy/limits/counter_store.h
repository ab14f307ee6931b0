// CounterStore: the counters on disk (SQLite, WAL), written once a second.
//
// One process has it at a time: a lock file says whose it is. A store that
// cannot be read, or was made by a newer version, is an Error that says what to
// do; it is never replaced by an empty one. Belongs to one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"
#include "policy/base/sqlite.h"
#include "policy/limits/counter_row.h"

namespace postern {

class CounterStore {
 public:
  // Makes the directory and the file where there are none.
  [[nodiscard]] static Result<CounterStore> Open(const std::string& directory);

  struct Contents {
    std::vector<CounterRow> rows;
    std::int64_t written_at_ns = 0;
    // The last process did not close it, and the machine has been restarted
    // since: what the journal had may be missing.
    bool has_lost_power = false;
  };
  [[nodiscard]] Result<Contents> Read();
  // In one transaction. Rows without meters are deleted.
  [[nodiscard]] Result<void> Write(std::span<const CounterRow> rows,
                                   std::int64_t now_ns);
  [[nodiscard]] Result<void> MarkOpen();
  [[nodiscard]] Result<void> MarkClosed();

 private:
  CounterStore(FileDescriptor lock, SqliteDatabase database)
      : lock_(std::move(lock)), database_(std::move(database)) {}
  [[nodiscard]] Result<void> WriteRow(const CounterRow& row,
                                      SqliteStatement* clear,
                                      SqliteStatement* insert);
  [[nodiscard]] Result<void> Remember(std::string_view name,
                                      std::string_view value);

  FileDescriptor lock_;
  SqliteDatabase database_;
};

// Names the run of the operating system; empty when it does not say.
[[nodiscard]] std::string BootId();

}  // namespace postern
