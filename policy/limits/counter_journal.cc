#include "policy/limits/counter_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <fmt/format.h>

#include "policy/base/durable_file.h"

namespace postern {
namespace {

constexpr std::size_t kMaxRecordBytes = 1 << 20;

void PutNumber(std::string* octets, std::uint64_t number) {
  for (int shift = 0; shift < 64; shift += 8)
    *octets += static_cast<char>(number >> shift & 0xff);
}

// Reads numbers and texts from the front; says when there was too little.
class Reader {
 public:
  explicit Reader(std::string_view octets) : octets_(octets) {}
  [[nodiscard]] std::uint64_t Number() {
    std::uint64_t number = 0;
    const std::string_view taken = Octets(8);
    for (std::size_t i = 0; i < taken.size(); ++i)
      number |= static_cast<std::uint64_t>(static_cast<unsigned char>(taken[i]))
                << (8 * i);
    return number;
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

// FNV-1a: tells a torn record, not a malicious one.
std::uint64_t Sum(std::string_view octets) {
  std::uint64_t sum = 14695981039346656037u;
  for (const char c : octets)
    sum = (sum ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return sum;
}

std::optional<JournalRecord> DecodePayload(std::string_view payload) {
  Reader reader(payload);
  JournalRecord record;
  record.sequence = reader.Number();
  record.written_at_ns = static_cast<std::int64_t>(reader.Number());
  record.row.name = reader.Octets(reader.Number());
  while (!reader.is_short() && !reader.rest().empty()) {
    MeterRow& meter = record.row.meters.emplace_back();
    meter.count = static_cast<std::int64_t>(reader.Number());
    meter.period_ns = static_cast<std::int64_t>(reader.Number());
    meter.drained_at_ns = static_cast<std::int64_t>(reader.Number());
  }
  if (reader.is_short()) return std::nullopt;
  return record;
}

}  // namespace

std::string EncodeRecord(const CounterRow& row, std::uint64_t sequence,
                         std::int64_t now_ns) {
  std::string payload;
  PutNumber(&payload, sequence);
  PutNumber(&payload, static_cast<std::uint64_t>(now_ns));
  PutNumber(&payload, row.name.size());
  payload += row.name;
  for (const MeterRow& meter : row.meters) {
    PutNumber(&payload, static_cast<std::uint64_t>(meter.count));
    PutNumber(&payload, static_cast<std::uint64_t>(meter.period_ns));
    PutNumber(&payload, static_cast<std::uint64_t>(meter.drained_at_ns));
  }
  std::string record;
  PutNumber(&record, payload.size());
  PutNumber(&record, Sum(payload));
  return record + payload;
}

std::vector<JournalRecord> DecodeRecords(std::string_view octets) {
  std::vector<JournalRecord> records;
  Reader reader(octets);
  while (!reader.rest().empty()) {
    const std::uint64_t size = reader.Number();
    const std::uint64_t sum = reader.Number();
    if (reader.is_short() || size > kMaxRecordBytes) break;
    const std::string_view payload = reader.Octets(size);
    if (reader.is_short() || Sum(payload) != sum) break;
    std::optional<JournalRecord> record = DecodePayload(payload);
    if (!record) break;
    records.push_back(std::move(*record));
  }
  return records;
}

Result<std::unique_ptr<CounterJournal>> CounterJournal::Open(
    const std::string& directory) {
  std::unique_ptr<CounterJournal> journal(new CounterJournal);
  for (std::size_t i = 0; i < 2; ++i) {
    journal->names_[i] = fmt::format("{}/journal.{}", directory, i);
    const int fd = open(journal->names_[i].c_str(),
                        O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
      return Fail(
          fmt::format("{}: {}", journal->names_[i], std::strerror(errno)));
    journal->files_[i].reset(fd);
  }
  return journal;
}

Result<CounterJournal::Contents> CounterJournal::Read() const {
  std::vector<JournalRecord> records;
  for (const std::string& name : names_) {
    const Result<std::string> octets = ReadWholeFile(name);
    if (!octets) return std::unexpected(octets.error());
    for (JournalRecord& record : DecodeRecords(*octets))
      records.push_back(std::move(record));
  }
  std::sort(records.begin(), records.end(),
            [](const JournalRecord& a, const JournalRecord& b) {
              return a.sequence < b.sequence;
            });
  Contents contents;
  for (JournalRecord& record : records) {
    contents.written_at_ns =
        std::max(contents.written_at_ns, record.written_at_ns);
    contents.rows.push_back(std::move(record.row));
  }
  return contents;
}

Result<void> CounterJournal::Append(std::span<const CounterRow> rows,
                                    std::int64_t now_ns) {
  const std::lock_guard lock(mutex_);
  std::string records;
  for (const CounterRow& row : rows)
    records += EncodeRecord(row, ++sequence_, now_ns);
  const int fd = files_[current_].get();
  const off_t end = lseek(fd, 0, SEEK_END);
  const Result<void> written = WriteAll(fd, records);
  if (written) return {};
  // Half a record would hide those that come after it.
  const bool is_cut = ftruncate(fd, end) == 0;
  return Fail(fmt::format("{}: {}{}", names_[current_], written.error().message,
                          is_cut ? "" : " (and could not be mended)"));
}

void CounterJournal::TakeTurns() {
  const std::lock_guard lock(mutex_);
  if (other_is_needed_) return;
  current_ = 1 - current_;
  other_is_needed_ = true;
}

Result<void> CounterJournal::Retire() {
  const std::lock_guard lock(mutex_);
  const std::size_t other = 1 - current_;
  if (ftruncate(files_[other].get(), 0) != 0)
    return Fail(fmt::format("{}: {}", names_[other], std::strerror(errno)));
  other_is_needed_ = false;
  return {};
}

Result<void> CounterJournal::Clear() {
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < 2; ++i)
    if (ftruncate(files_[i].get(), 0) != 0)
      return Fail(fmt::format("{}: {}", names_[i], std::strerror(errno)));
  other_is_needed_ = false;
  return {};
}

}  // namespace postern
