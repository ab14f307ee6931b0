// CounterJournal: what changed since the store was last written.
//
// Pairs of files that take turns, several because a write keeps a file to
// itself: threads write side by side, and a number in each record puts all of
// them in order again. Each change is one write() without fsync: it outlives
// the process however it is killed, though not a loss of power; the store makes
// up for that. A record carries the whole state of a counter, so reading one
// twice does no harm; a torn tail is left out, and told. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"
#include "policy/limits/counter_row.h"

namespace postern {

class CounterJournal {
 public:
  // Opens or makes the files.
  [[nodiscard]] static Result<std::unique_ptr<CounterJournal>> Open(
      const std::string& directory);

  struct Contents {
    std::vector<CounterRow> rows;  // oldest first
    std::int64_t written_at_ns = 0;
    bool is_damaged = false;  // something stands behind the last whole record
  };
  [[nodiscard]] Result<Contents> Read() const;
  // Only to read: the program that writes it may run.
  [[nodiscard]] static Result<Contents> ReadFrom(const std::string& directory);

  [[nodiscard]] Result<void> Append(std::span<const CounterRow> rows,
                                    std::int64_t now_ns);
  // Writing goes on in the other files, unless they are still needed.
  void TakeTurns();
  // Everything before the last TakeTurns is in the store.
  [[nodiscard]] Result<void> Retire();
  // All files: everything is in the store.
  [[nodiscard]] Result<void> Clear();
  // Nothing is written any more: the files are somebody else's.
  void Close();
  [[nodiscard]] std::size_t bytes() const;

 private:
  // A pair of files.
  class Lane {
   public:
    [[nodiscard]] Result<void> Open(std::array<std::string, 2> names);
    [[nodiscard]] Result<void> Append(std::string_view records);
    void TakeTurns();
    [[nodiscard]] Result<void> Retire();
    [[nodiscard]] Result<void> Clear();
    void Close();
    [[nodiscard]] std::size_t bytes() const;

   private:
    [[nodiscard]] Result<void> Empty(std::size_t which);

    std::array<std::string, 2> names_;
    std::array<FileDescriptor, 2> files_;
    mutable std::mutex mutex_;
    std::array<std::size_t, 2> sizes_ = {};
    bool is_closed_ = false;
    std::size_t current_ = 0;
    bool other_is_needed_ = false;
  };
  static constexpr std::size_t kLanes = 4;

  CounterJournal() = default;
  std::string directory_;
  std::array<Lane, kLanes> lanes_;
  // Of one counter in its order: its lock is held by those who append.
  std::atomic<std::uint64_t> sequence_ = 0;
};

// Appends one record, as it stands in the file.
void EncodeRecord(const CounterRow& row, std::uint64_t sequence,
                  std::int64_t now_ns, std::string* octets);
struct JournalRecord {
  CounterRow row;
  std::uint64_t sequence = 0;
  std::int64_t written_at_ns = 0;
};
// All whole records from the start, up to the first that is damaged.
struct JournalRecords {
  std::vector<JournalRecord> records;
  bool is_damaged = false;
};
[[nodiscard]] JournalRecords DecodeRecords(std::string_view octets);

}  // namespace postern
