#include "policy/limits/counter_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/limits/history/number_octets.h"

namespace postern {
namespace {

constexpr std::string_view kClosed = "closed";
constexpr std::size_t kMaxNameBytes = 4'096;
constexpr int kVersion = 3;

// What each version has beyond the one before.
constexpr std::array<const char*, kVersion> kSchemas = {
    "CREATE TABLE meter (name BLOB, place INTEGER, count INTEGER,"
    " period_ns INTEGER, drained_at_ns INTEGER,"
    " PRIMARY KEY (name, place)) WITHOUT ROWID;"
    "CREATE TABLE state (name BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;"
    "PRAGMA user_version = 1",
    "ALTER TABLE meter ADD COLUMN burst INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE allowance (name BLOB PRIMARY KEY, units INTEGER,"
    " expires_at_ns INTEGER) WITHOUT ROWID;"
    "PRAGMA user_version = 2",
    "CREATE TABLE counter (id INTEGER PRIMARY KEY, name BLOB, meters BLOB,"
    " granted INTEGER, grant_expires_at_ns INTEGER);"
    "PRAGMA user_version = 3"};

// As the second version had them, a grant before the meters of its counter.
constexpr std::string_view kSecondVersion =
    "SELECT name, -1 AS place, units, expires_at_ns, 0, 0 FROM allowance"
    " UNION ALL SELECT name, place, count, period_ns, burst, drained_at_ns"
    " FROM meter ORDER BY 1, 2";

std::unexpected<Error> Damaged(const std::string& file,
                               std::string_view reason) {
  return Fail(
      fmt::format("{}: the counters of the limits cannot be read ({}); move "
                  "its directory away to begin with empty counters",
                  file, reason));
}

Result<int> VersionOf(SqliteDatabase* database) {
  const Result<std::string> text = database->Ask("PRAGMA user_version");
  if (!text) return std::unexpected(text.error());
  int version = -1;
  std::from_chars(text->data(), text->data() + text->size(), version);
  if (version < 0 || version > kVersion)
    return Fail(fmt::format(
        "written by a newer version of Postern, format {}; this one knows {}: "
        "install that version again",
        *text, kVersion));
  return version;
}

std::string OctetsOf(const std::vector<MeterRow>& meters) {
  std::string octets;
  for (const MeterRow& meter : meters)
    for (const std::int64_t number :
         {meter.count, meter.period_ns, meter.burst, meter.drained_at_ns})
      PutNumber(&octets, number);
  return octets;
}

std::vector<MeterRow> MetersOf(std::string_view octets) {
  std::vector<MeterRow> meters;
  for (NumberReader reader(octets); !reader.is_at_end();) {
    MeterRow meter;
    meter.count = reader.Number();
    meter.period_ns = reader.Number();
    meter.burst = reader.Number();
    meter.drained_at_ns = reader.Number();
    // What no version of ours could have written must not divide by zero.
    if (meter.count > 0 && meter.period_ns > 0) meters.push_back(meter);
  }
  return meters;
}

Result<SqliteStatement> PrepareWrite(SqliteDatabase* database) {
  return database->Prepare(
      "REPLACE INTO counter (id, name, meters, granted, grant_expires_at_ns)"
      " VALUES (?1, ?2, ?3, ?4, ?5)");
}

Result<void> WriteRow(const CounterRow& row, SqliteStatement* write) {
  const std::string meters = OctetsOf(row.meters);
  write->Bind(1, row.id).Bind(2, row.name).Bind(3, meters);
  return write->Bind(4, row.granted).Bind(5, row.grant_expires_at_ns).Run();
}

Result<void> TakeFromSecondVersion(SqliteDatabase* database) {
  Result<SqliteStatement> query = database->Prepare(kSecondVersion);
  if (!query) return std::unexpected(query.error());
  Result<SqliteStatement> write = PrepareWrite(database);
  if (!write) return std::unexpected(write.error());
  CounterRow row;
  for (;;) {
    const Result<bool> is_there = query->Step();
    if (!is_there) return std::unexpected(is_there.error());
    const std::string name = *is_there ? query->Octets(0) : std::string();
    const bool is_whole = row.id != 0 && (!*is_there || name != row.name);
    const Result<void> written =
        is_whole ? WriteRow(row, &*write) : Result<void>();
    if (!written || !*is_there) return written;
    if (is_whole || row.id == 0) row = {.id = row.id + 1, .name = name};
    if (query->Integer(1) < 0) {
      row.granted = query->Integer(2);
      row.grant_expires_at_ns = query->Integer(3);
    } else {
      row.meters.push_back({query->Integer(2), query->Integer(3),
                            query->Integer(4), query->Integer(5)});
    }
  }
}

Result<void> Prepare(SqliteDatabase* database) {
  const Result<int> version = VersionOf(database);
  if (!version) return std::unexpected(version.error());
  const Result<void> tuned =
      database->Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  if (!tuned || *version == kVersion) return tuned;
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(database);
  if (!whole) return std::unexpected(whole.error());
  for (int i = *version; i < kVersion; ++i) {
    const Result<void> made =
        database->Execute(kSchemas[static_cast<std::size_t>(i)]);
    if (!made) return made;
  }
  const Result<void> taken = TakeFromSecondVersion(database);
  if (!taken) return taken;
  const Result<void> dropped =
      database->Execute("DROP TABLE meter; DROP TABLE allowance");
  return dropped ? whole->Commit() : dropped;
}

}  // namespace

std::string BootId() {
  const Result<std::string> id =
      ReadWholeFile("/proc/sys/kernel/random/boot_id");
  return id ? std::string(Trim(*id)) : std::string();
}

Result<FileDescriptor> CounterStore::Lock(const std::string& directory) {
  const Result<void> made = MakeDirectories(directory);
  if (!made) return std::unexpected(made.error());
  const std::string name = directory + "/lock";
  FileDescriptor lock(open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock.is_open())
    return Fail(fmt::format("{}: {}", name, std::strerror(errno)));
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) lock.reset();
  return lock;
}

Result<CounterStore> CounterStore::Open(const std::string& directory) {
  const std::string file = directory + "/counters.db";
  // SQLite gives its other files the mode of this one.
  const FileDescriptor first(
      open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  Result<SqliteDatabase> database = SqliteDatabase::Open(file);
  if (!database) return Damaged(file, database.error().message);
  const Result<void> prepared = Prepare(&*database);
  if (!prepared) return Damaged(file, prepared.error().message);
  return CounterStore(std::move(*database));
}

bool CounterStore::Exists(const std::string& directory) {
  std::error_code error;
  return std::filesystem::exists(directory + "/counters.db", error) || error;
}

Result<CounterStore> CounterStore::Peek(const std::string& directory) {
  const std::string file = directory + "/counters.db";
  Result<SqliteDatabase> database = SqliteDatabase::OpenToRead(file);
  if (!database) return Damaged(file, database.error().message);
  const Result<int> version = VersionOf(&*database);
  if (!version) return Damaged(file, version.error().message);
  if (*version != kVersion)
    return Fail(file +
                ": written by an older version of Postern; its daemon "
                "brings it up to date when it starts");
  return CounterStore(std::move(*database));
}

Result<CounterStore::State> CounterStore::ReadState() {
  const Result<std::string> run =
      database_.Ask("SELECT value FROM state WHERE name = CAST('run' AS BLOB)");
  const Result<std::string> time = database_.Ask(
      "SELECT value FROM state WHERE name = CAST('written_at_ns' AS BLOB)");
  if (!run) return Damaged(database_.file(), run.error().message);
  if (!time) return Damaged(database_.file(), time.error().message);
  State state;
  std::from_chars(time->data(), time->data() + time->size(),
                  state.written_at_ns);
  const bool is_new = run->empty();
  state.has_lost_power = !is_new && *run != kClosed && *run != BootId();
  return state;
}

Result<void> CounterStore::Read(
    const std::function<void(const CounterRow&)>& take) {
  Result<SqliteStatement> query = database_.Prepare(
      // Of two rows of one name the later one holds.
      "SELECT id, name, meters, granted, grant_expires_at_ns FROM counter"
      " ORDER BY id");
  if (!query) return Damaged(database_.file(), query.error().message);
  for (;;) {
    const Result<bool> is_there = query->Step();
    if (!is_there) return Damaged(database_.file(), is_there.error().message);
    if (!*is_there) return {};
    const CounterRow row{.id = query->Integer(0),
                         .name = query->Octets(1),
                         .meters = MetersOf(query->Octets(2)),
                         .granted = query->Integer(3),
                         .grant_expires_at_ns = query->Integer(4)};
    if (row.id <= 0 || row.name.empty() || row.name.size() > kMaxNameBytes)
      return Damaged(database_.file(), "a name or a number is none of ours");
    take(row);
  }
}

Result<void> CounterStore::Write(std::span<const CounterRow> rows,
                                 std::int64_t now_ns) {
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  Result<SqliteStatement> write = PrepareWrite(&database_);
  if (!write) return std::unexpected(write.error());
  Result<SqliteStatement> remove =
      database_.Prepare("DELETE FROM counter WHERE id = ?1");
  if (!remove) return std::unexpected(remove.error());
  for (const CounterRow& row : rows) {
    const bool is_gone = row.meters.empty() && row.granted == 0;
    const Result<void> written =
        is_gone ? remove->Bind(1, row.id).Run() : WriteRow(row, &*write);
    if (!written) return written;
  }
  const Result<void> remembered =
      Remember("written_at_ns", std::to_string(now_ns));
  if (!remembered) return remembered;
  return whole->Commit();
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
