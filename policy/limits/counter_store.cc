#include "policy/limits/counter_store.h"

#include <fcntl.h>
#include <sys/file.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::string_view kClosed = "closed";
constexpr std::size_t kMaxNameBytes = 4'096;
constexpr int kVersion = 2;

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
    "PRAGMA user_version = 2"};

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
  return whole->Commit();
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
  // Ordered by name: the counter's grant, then its meters.
  Result<SqliteStatement> query = database_.Prepare(
      "SELECT name, -1 AS place, units, expires_at_ns, 0, 0 FROM allowance"
      " UNION ALL SELECT name, place, count, period_ns, burst, drained_at_ns"
      " FROM meter ORDER BY 1, 2");
  if (!query) return Damaged(database_.file(), query.error().message);
  CounterRow row;
  bool has_row = false;
  for (;;) {
    const Result<bool> is_there = query->Step();
    if (!is_there) return Damaged(database_.file(), is_there.error().message);
    std::string name = *is_there ? query->Octets(0) : std::string();
    if (has_row && (!*is_there || name != row.name)) take(row);
    if (!*is_there) return {};
    if (name.size() > kMaxNameBytes)
      return Damaged(database_.file(), "a name is too long");
    if (!has_row || name != row.name) row = {.name = std::move(name)};
    has_row = true;
    if (query->Integer(1) < 0) {
      row.granted = query->Integer(2);
      row.grant_expires_at_ns = query->Integer(3);
      continue;
    }
    const MeterRow meter{query->Integer(2), query->Integer(3),
                         query->Integer(4), query->Integer(5)};
    // What no version of ours could have written must not divide by zero.
    if (meter.count > 0 && meter.period_ns > 0) row.meters.push_back(meter);
  }
}

struct CounterStore::Statements {
  SqliteStatement clear, insert, revoke, grant;
};

Result<void> CounterStore::Write(std::span<const CounterRow> rows,
                                 std::int64_t now_ns) {
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  auto clear =
      database_.Prepare("DELETE FROM meter WHERE name = ?1 AND place >= ?2");
  auto insert = database_.Prepare(
      "REPLACE INTO meter (name, place, count, period_ns, burst, drained_at_ns)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
  auto revoke = database_.Prepare("DELETE FROM allowance WHERE name = ?1");
  auto grant = database_.Prepare("REPLACE INTO allowance VALUES (?1, ?2, ?3)");
  for (const auto* statement : {&clear, &insert, &revoke, &grant})
    if (!*statement) return std::unexpected(statement->error());
  Statements statements{std::move(*clear), std::move(*insert),
                        std::move(*revoke), std::move(*grant)};
  for (const CounterRow& row : rows) {
    const Result<void> written = WriteRow(row, &statements);
    if (!written) return written;
  }
  const Result<void> remembered =
      Remember("written_at_ns", std::to_string(now_ns));
  if (!remembered) return remembered;
  return whole->Commit();
}

Result<void> CounterStore::WriteRow(const CounterRow& row,
                                    Statements* statements) {
  std::int64_t place = 0;
  for (const MeterRow& meter : row.meters) {
    SqliteStatement& insert = statements->insert;
    insert.Bind(1, row.name).Bind(2, place++).Bind(3, meter.count);
    insert.Bind(4, meter.period_ns).Bind(5, meter.burst);
    const Result<void> written = insert.Bind(6, meter.drained_at_ns).Run();
    if (!written) return written;
  }
  // Those of rates that the rule no longer has.
  const Result<void> cleared =
      statements->clear.Bind(1, row.name).Bind(2, place).Run();
  if (!cleared || row.granted == 0)
    return cleared ? statements->revoke.Bind(1, row.name).Run() : cleared;
  return statements->grant.Bind(1, row.name)
      .Bind(2, row.granted)
      .Bind(3, row.grant_expires_at_ns)
      .Run();
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
