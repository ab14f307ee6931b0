#include "policy/limits/counter_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::string_view kClosed = "closed";
constexpr std::string_view kVersion = "1";

constexpr const char* kSchema =
    "CREATE TABLE meter (name BLOB, place INTEGER, count INTEGER,"
    " period_ns INTEGER, drained_at_ns INTEGER,"
    " PRIMARY KEY (name, place)) WITHOUT ROWID;"
    "CREATE TABLE state (name BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "PRAGMA user_version = 1";

Result<FileDescriptor> Lock(const std::string& directory) {
  const std::string name = directory + "/lock";
  FileDescriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.is_open())
    return Fail(fmt::format("{}: {}", name, std::strerror(errno)));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
    return Fail(
        fmt::format("{}: the limits are in use by another process", name));
  return lock;
}

std::unexpected<Error> Damaged(const std::string& file,
                               std::string_view reason) {
  return Fail(
      fmt::format("{}: the counters of the limits cannot be read ({}); move "
                  "its directory away to begin with empty counters",
                  file, reason));
}

Result<void> Prepare(SqliteDatabase* database) {
  const Result<std::string> version = database->Ask("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version != "0" && *version != kVersion)
    return Fail("written by another version of Postern: " + *version);
  const Result<void> tuned =
      database->Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (!tuned) return tuned;
  if (*version == "0") {
    Result<SqliteTransaction> whole = SqliteTransaction::Begin(database);
    if (!whole) return std::unexpected(whole.error());
    const Result<void> made = database->Execute(kSchema);
    return made ? whole->Commit() : made;
  }
  const Result<std::string> sound = database->Ask("PRAGMA quick_check(1)");
  if (!sound) return std::unexpected(sound.error());
  if (*sound != "ok") return Fail(*sound);
  return {};
}

}  // namespace

std::string BootId() {
  const Result<std::string> id =
      ReadWholeFile("/proc/sys/kernel/random/boot_id");
  return id ? std::string(Trim(*id)) : std::string();
}

Result<CounterStore> CounterStore::Open(const std::string& directory) {
  const Result<void> made = MakeDirectories(directory);
  if (!made) return std::unexpected(made.error());
  Result<FileDescriptor> lock = Lock(directory);
  if (!lock) return std::unexpected(lock.error());
  const std::string file = directory + "/counters.db";
  // SQLite gives its other files the mode of this one.
  const FileDescriptor first(
      open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  Result<SqliteDatabase> database = SqliteDatabase::Open(file);
  if (!database) return Damaged(file, database.error().message);
  const Result<void> prepared = Prepare(&*database);
  if (!prepared) return Damaged(file, prepared.error().message);
  return CounterStore(std::move(*lock), std::move(*database));
}

Result<CounterStore::Contents> CounterStore::Read() {
  Contents contents;
  Result<SqliteStatement> query = database_.Prepare(
      "SELECT name, count, period_ns, drained_at_ns FROM meter"
      " ORDER BY name, place");
  if (!query) return Damaged(database_.file(), query.error().message);
  for (;;) {
    const Result<bool> has_row = query->Step();
    if (!has_row) return Damaged(database_.file(), has_row.error().message);
    if (!*has_row) break;
    std::string name = query->Octets(0);
    if (contents.rows.empty() || contents.rows.back().name != name)
      contents.rows.push_back({std::move(name), {}});
    contents.rows.back().meters.push_back(
        {query->Integer(1), query->Integer(2), query->Integer(3)});
  }
  const Result<std::string> run =
      database_.Ask("SELECT value FROM state WHERE name = CAST('run' AS BLOB)");
  const Result<std::string> time = database_.Ask(
      "SELECT value FROM state WHERE name = CAST('written_at_ns' AS BLOB)");
  if (!run) return std::unexpected(run.error());
  if (!time) return std::unexpected(time.error());
  std::from_chars(time->data(), time->data() + time->size(),
                  contents.written_at_ns);
  const bool is_new = run->empty();
  contents.has_lost_power = !is_new && *run != kClosed && *run != BootId();
  return contents;
}

Result<void> CounterStore::Write(std::span<const CounterRow> rows,
                                 std::int64_t now_ns) {
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  Result<SqliteStatement> clear =
      database_.Prepare("DELETE FROM meter WHERE name = ?1 AND place >= ?2");
  Result<SqliteStatement> insert =
      database_.Prepare("REPLACE INTO meter VALUES (?1, ?2, ?3, ?4, ?5)");
  if (!clear) return std::unexpected(clear.error());
  if (!insert) return std::unexpected(insert.error());
  for (const CounterRow& row : rows) {
    const Result<void> written = WriteRow(row, &*clear, &*insert);
    if (!written) return written;
  }
  const Result<void> remembered =
      Remember("written_at_ns", std::to_string(now_ns));
  if (!remembered) return remembered;
  return whole->Commit();
}

Result<void> CounterStore::WriteRow(const CounterRow& row,
                                    SqliteStatement* clear,
                                    SqliteStatement* insert) {
  std::int64_t place = 0;
  for (const MeterRow& meter : row.meters) {
    insert->Bind(1, row.name).Bind(2, place++).Bind(3, meter.count);
    insert->Bind(4, meter.period_ns).Bind(5, meter.drained_at_ns);
    const Result<void> written = insert->Run();
    if (!written) return written;
  }
  // Those of rates that the rule no longer has.
  return clear->Bind(1, row.name).Bind(2, place).Run();
}

Result<void> CounterStore::Remember(std::string_view name,
                                    std::string_view value) {
  Result<SqliteStatement> statement =
      database_.Prepare("REPLACE INTO state VALUES (?1, ?2)");
  if (!statement) return std::unexpected(statement.error());
  return statement->Bind(1, name).Bind(2, value).Run();
}

Result<void> CounterStore::MarkOpen() {
  const std::string boot_id = BootId();
  return Remember("run", boot_id.empty() ? "open" : boot_id);
}

Result<void> CounterStore::MarkClosed() { return Remember("run", kClosed); }

}  // namespace postern
