// HistoryStore: the history on disk (SQLite, WAL): the owners as they were last
// written whole, and each change since then.
//
// Changes are written without fsync: they outlive the process however it is
// killed. After a loss of power what came after the last Write may be missing.
// One process has the file at a time. A file that cannot be read, or was made
// by a newer version, is an Error that says what to do; it is never replaced by
// an empty one. Thread-safe. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/base/result.h"
#include "policy/base/siphash.h"
#include "policy/base/sqlite.h"
#include "policy/limits/history/owner_history.h"

namespace postern {

struct OwnerRow {
  std::string name;
  std::uint64_t sequence = 0;  // of the last change that is in it
  OwnerHistory history;
};

struct ChangeRow {
  std::string name;
  std::uint64_t sequence = 0;
  HistoryChange change;
};

class HistoryStore {
 public:
  // Makes the directory and the file where there are none.
  [[nodiscard]] static Result<std::unique_ptr<HistoryStore>> Open(
      const std::string& directory);

  struct Contents {
    std::vector<OwnerRow> owners;
    std::vector<ChangeRow> changes;  // oldest first
    SipKey key{};                    // of its hashes
  };
  [[nodiscard]] Result<Contents> Read();

  // In one transaction.
  [[nodiscard]] Result<void> Append(std::span<const ChangeRow> rows);
  // In one transaction; their changes are no longer needed.
  [[nodiscard]] Result<void> Write(std::span<const OwnerRow> rows);
  [[nodiscard]] Result<void> Remove(std::span<const std::string> names);
  // Has everything written on the disk.
  [[nodiscard]] Result<void> Sync();

 private:
  HistoryStore(SqliteDatabase database, SqliteStatement append)
      : database_(std::move(database)), append_(std::move(append)) {}

  std::mutex mutex_;
  SqliteDatabase database_;
  SqliteStatement append_;
};

}  // namespace postern
