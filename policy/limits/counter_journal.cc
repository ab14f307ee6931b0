#include "policy/limits/counter_journal.h"

#include <endian.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <memory>

#include <fmt/format.h>

#include "policy/base/durable_file.h"
#include "policy/limits/history/number_octets.h"

namespace postern {
namespace {

constexpr std::size_t kMaxRecordBytes = 1 << 20;

// Reads numbers and texts from the front; says when there was too little.
class Reader {
 public:
  explicit Reader(std::string_view octets) : octets_(octets) {}
  [[nodiscard]] std::uint64_t Number() {
    std::uint64_t number = 0;
    const std::string_view taken = Octets(8);
    if (!taken.empty()) std::memcpy(&number, taken.data(), sizeof number);
    return le64toh(number);
  }
  [[nodiscard]] std::string_view Octets(std::uint64_t size) {
    if (size > octets_.size()) {
      is_short_ = true;
      return {};
    }
    const std::string_view taken = octets_.substr(0, size);
    octets_.remove_prefix(size);
    return taken;
  }
  [[nodiscard]] bool is_short() const { return is_short_; }
  [[nodiscard]] std::string_view rest() const { return octets_; }

 private:
  std::string_view octets_;
  bool is_short_ = false;
};

// FNV-1a of eight octets at a time: tells a torn record, not a malicious one.
// It begins with the version of the format: what another version wrote is as
// good as damaged.
std::uint64_t Sum(std::string_view octets) {
  constexpr std::uint64_t kVersion = 3;
  std::uint64_t sum = 14695981039346656037u + kVersion;
  while (!octets.empty()) {
    const std::string_view taken = octets.substr(0, 8);
    std::uint64_t word = 0;
    std::memcpy(&word, taken.data(), taken.size());
    sum = (sum ^ le64toh(word)) * 1099511628211u;
    sum ^= sum >> 32;
    octets.remove_prefix(taken.size());
  }
  return sum;
}

std::optional<JournalRecord> DecodePayload(std::string_view payload) {
  Reader reader(payload);
  JournalRecord record;
  record.sequence = reader.Number();
  record.written_at_ns = static_cast<std::int64_t>(reader.Number());
  record.row.granted = static_cast<std::int64_t>(reader.Number());
  record.row.grant_expires_at_ns = static_cast<std::int64_t>(reader.Number());
  record.row.name = reader.Octets(reader.Number());
  while (!reader.is_short() && !reader.rest().empty()) {
    MeterRow& meter = record.row.meters.emplace_back();
    meter.count = static_cast<std::int64_t>(reader.Number());
    meter.period_ns = static_cast<std::int64_t>(reader.Number());
    meter.burst = static_cast<std::int64_t>(reader.Number());
    meter.drained_at_ns = static_cast<std::int64_t>(reader.Number());
  }
  if (reader.is_short()) return std::nullopt;
  return record;
}

std::string NameOf(const std::string& directory, std::size_t which) {
  return fmt::format("{}/journal.{}", directory, which);
}

}  // namespace

void EncodeRecord(const CounterRow& row, std::uint64_t sequence,
                  std::int64_t now_ns, std::string* octets) {
  const std::size_t start = octets->size();
  constexpr std::size_t kHeadBytes = 16;  // size and sum, when they are known
  octets->append(kHeadBytes, '\0');
  PutNumber(octets, static_cast<std::int64_t>(sequence));
  PutNumber(octets, now_ns);
  PutNumber(octets, row.granted);
  PutNumber(octets, row.grant_expires_at_ns);
  PutText(octets, row.name);
  for (const MeterRow& meter : row.meters) {
    PutNumber(octets, meter.count);
    PutNumber(octets, meter.period_ns);
    PutNumber(octets, meter.burst);
    PutNumber(octets, meter.drained_at_ns);
  }
  const auto payload = std::string_view(*octets).substr(start + kHeadBytes);
  const std::array<std::uint64_t, 2> head = {htole64(payload.size()),
                                             htole64(Sum(payload))};
  std::memcpy(octets->data() + start, head.data(), kHeadBytes);
}

JournalRecords DecodeRecords(std::string_view octets) {
  JournalRecords decoded;
  Reader reader(octets);
  decoded.is_damaged = true;
  while (!reader.rest().empty()) {
    const std::uint64_t size = reader.Number();
    const std::uint64_t sum = reader.Number();
    if (reader.is_short() || size > kMaxRecordBytes) return decoded;
    const std::string_view payload = reader.Octets(size);
    if (reader.is_short() || Sum(payload) != sum) return decoded;
    std::optional<JournalRecord> record = DecodePayload(payload);
    if (!record) return decoded;
    decoded.records.push_back(std::move(*record));
  }
  decoded.is_damaged = false;
  return decoded;
}

Result<std::unique_ptr<CounterJournal>> CounterJournal::Open(
    const std::string& directory) {
  std::unique_ptr<CounterJournal> journal(new CounterJournal);
  journal->directory_ = directory;
  for (std::size_t i = 0; i < kLanes; ++i) {
    const Result<void> opened = journal->lanes_[i].Open(
        {NameOf(directory, 2 * i), NameOf(directory, 2 * i + 1)});
    if (!opened) return std::unexpected(opened.error());
  }
  return journal;
}

Result<CounterJournal::Contents> CounterJournal::ReadFrom(
    const std::string& directory) {
  Contents contents;
  std::vector<JournalRecord> records;
  for (std::size_t i = 0; i < 2 * kLanes; ++i) {
    const std::string name = NameOf(directory, i);
    std::error_code unknown;
    if (!std::filesystem::exists(name, unknown) && !unknown) continue;
    const Result<std::string> octets = ReadWholeFile(name);
    if (!octets) return std::unexpected(octets.error());
    JournalRecords decoded = DecodeRecords(*octets);
    contents.is_damaged |= decoded.is_damaged;
    std::move(decoded.records.begin(), decoded.records.end(),
              std::back_inserter(records));
  }
  std::sort(records.begin(), records.end(),
            [](const JournalRecord& a, const JournalRecord& b) {
              return a.sequence < b.sequence;
            });
  for (JournalRecord& record : records) {
    contents.written_at_ns =
        std::max(contents.written_at_ns, record.written_at_ns);
    contents.rows.push_back(std::move(record.row));
  }
  return contents;
}

Result<CounterJournal::Contents> CounterJournal::Read() const {
  return ReadFrom(directory_);
}

Result<void> CounterJournal::Append(std::span<const CounterRow> rows,
                                    std::int64_t now_ns) {
  static thread_local std::string records;  // kept for its memory
  records.clear();
  for (const CounterRow& row : rows)
    EncodeRecord(row, ++sequence_, now_ns, &records);
  static std::atomic<std::size_t> threads = 0;
  static thread_local const std::size_t lane = threads++ % kLanes;
  return lanes_[lane].Append(records);
}

void CounterJournal::Close() {
  for (Lane& lane : lanes_) lane.Close();
}

std::size_t CounterJournal::bytes() const {
  std::size_t bytes = 0;
  for (const Lane& lane : lanes_) bytes += lane.bytes();
  return bytes;
}

void CounterJournal::TakeTurns() {
  for (Lane& lane : lanes_) lane.TakeTurns();
}

Result<void> CounterJournal::Retire() {
  for (Lane& lane : lanes_)
    if (Result<void> retired = lane.Retire(); !retired) return retired;
  return {};
}

Result<void> CounterJournal::Clear() {
  for (Lane& lane : lanes_)
    if (Result<void> cleared = lane.Clear(); !cleared) return cleared;
  return {};
}

Result<void> CounterJournal::Lane::Open(std::array<std::string, 2> names) {
  names_ = std::move(names);
  for (std::size_t i = 0; i < 2; ++i) {
    const int fd =
        open(names_[i].c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
      return Fail(fmt::format("{}: {}", names_[i], std::strerror(errno)));
    files_[i].reset(fd);
  }
  return {};
}

Result<void> CounterJournal::Lane::Append(std::string_view records) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return {};
  const int fd = files_[current_].get();
  const Result<void> written = WriteAll(fd, records);
  if (written) {
    sizes_[current_] += records.size();
    return {};
  }
  // Half a record would hide those that come after it.
  const bool is_cut = ftruncate(fd, static_cast<off_t>(sizes_[current_])) == 0;
  return Fail(fmt::format("{}: {}{}", names_[current_], written.error().message,
                          is_cut ? "" : " (and could not be mended)"));
}

void CounterJournal::Lane::Close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

std::size_t CounterJournal::Lane::bytes() const {
  const std::lock_guard lock(mutex_);
  return sizes_[0] + sizes_[1];
}

void CounterJournal::Lane::TakeTurns() {
  const std::lock_guard lock(mutex_);
  if (other_is_needed_) return;
  current_ = 1 - current_;
  other_is_needed_ = true;
}

Result<void> CounterJournal::Lane::Empty(std::size_t which) {
  if (ftruncate(files_[which].get(), 0) != 0)
    return Fail(fmt::format("{}: {}", names_[which], std::strerror(errno)));
  sizes_[which] = 0;
  return {};
}

Result<void> CounterJournal::Lane::Retire() {
  const std::lock_guard lock(mutex_);
  Result<void> emptied = Empty(1 - current_);
  if (emptied) other_is_needed_ = false;
  return emptied;
}

Result<void> CounterJournal::Lane::Clear() {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < 2; ++i)
    if (Result<void> emptied = Empty(i); !emptied) return emptied;
  other_is_needed_ = false;
  return {};
}

}  // namespace postern
