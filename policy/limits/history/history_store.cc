#include "policy/limits/history/history_store.h"

#include <fcntl.h>

#include <random>

#include <fmt/format.h>

#include "policy/base/durable_file.h"
#include "policy/base/file_descriptor.h"
#include "policy/limits/history/number_octets.h"

namespace postern {
namespace {

constexpr std::string_view kVersion = "1";

constexpr const char* kSchema =
    "CREATE TABLE owner (name BLOB PRIMARY KEY, sequence INTEGER,"
    " numbers BLOB, seen BLOB);"
    "CREATE TABLE recent (name BLOB, sequence INTEGER, change BLOB,"
    " PRIMARY KEY (name, sequence)) WITHOUT ROWID;"
    "CREATE TABLE hash_key (key BLOB);"
    "PRAGMA user_version = 1";

std::unexpected<Error> Damaged(const std::string& file,
                               std::string_view reason) {
  return Fail(fmt::format(
      "{}: the history of who wrote to whom cannot be read ({}); move the file "
      "away to begin with none: every login then learns anew",
      file, reason));
}

std::string RandomKey() {
  std::random_device random;
  std::string key;
  while (key.size() < 16) key += static_cast<char>(random() & 0xff);
  return key;
}

Result<void> Make(SqliteDatabase* database) {
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(database);
  if (!whole) return std::unexpected(whole.error());
  const Result<void> made = database->Execute(kSchema);
  if (!made) return made;
  Result<SqliteStatement> insert =
      database->Prepare("INSERT INTO hash_key VALUES (?1)");
  if (!insert) return std::unexpected(insert.error());
  const Result<void> inserted = insert->Bind(1, RandomKey()).Run();
  return inserted ? whole->Commit() : inserted;
}

Result<void> Prepare(SqliteDatabase* database) {
  // Exclusive: a second process learns at once that it is one too many.
  const Result<void> tuned = database->Execute(
      "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
      "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
  if (!tuned) return tuned;
  const Result<std::string> version = database->Ask("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version == "0") return Make(database);
  if (*version != kVersion)
    return Fail("written by another version of Postern: " + *version);
  const Result<std::string> sound = database->Ask("PRAGMA quick_check(1)");
  if (!sound) return std::unexpected(sound.error());
  if (*sound != "ok") return Fail(*sound);
  return {};
}

Result<std::vector<OwnerRow>> ReadOwners(SqliteDatabase* database) {
  Result<SqliteStatement> query =
      database->Prepare("SELECT name, sequence, numbers, seen FROM owner");
  if (!query) return std::unexpected(query.error());
  std::vector<OwnerRow> rows;
  for (;;) {
    const Result<bool> has_row = query->Step();
    if (!has_row) return std::unexpected(has_row.error());
    if (!*has_row) return rows;
    std::optional<OwnerNumbers> numbers = DecodeNumbers(query->Octets(2));
    std::optional<SeenSet> seen = SeenSet::Decode(query->Octets(3));
    if (!numbers || !seen) return Fail("an owner's record is damaged");
    rows.push_back({query->Octets(0),
                    static_cast<std::uint64_t>(query->Integer(1)),
                    {*std::move(numbers), *std::move(seen)}});
  }
}

Result<std::vector<ChangeRow>> ReadChanges(SqliteDatabase* database) {
  Result<SqliteStatement> query = database->Prepare(
      "SELECT name, sequence, change FROM recent ORDER BY sequence");
  if (!query) return std::unexpected(query.error());
  std::vector<ChangeRow> rows;
  for (;;) {
    const Result<bool> has_row = query->Step();
    if (!has_row) return std::unexpected(has_row.error());
    if (!*has_row) return rows;
    std::optional<HistoryChange> change = DecodeChange(query->Octets(2));
    if (!change) return Fail("a change is damaged");
    rows.push_back({query->Octets(0),
                    static_cast<std::uint64_t>(query->Integer(1)),
                    *std::move(change)});
  }
}

}  // namespace

Result<std::unique_ptr<HistoryStore>> HistoryStore::Open(
    const std::string& directory) {
  const Result<void> made = MakeDirectories(directory);
  if (!made) return std::unexpected(made.error());
  const std::string file = directory + "/history.db";
  // SQLite gives its other files the mode of this one.
  const FileDescriptor first(
      open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  Result<SqliteDatabase> database = SqliteDatabase::Open(file);
  if (!database) return Damaged(file, database.error().message);
  const Result<void> prepared = Prepare(&*database);
  if (!prepared) return Damaged(file, prepared.error().message);
  Result<SqliteStatement> append =
      database->Prepare("REPLACE INTO recent VALUES (?1, ?2, ?3)");
  if (!append) return Damaged(file, append.error().message);
  return std::unique_ptr<HistoryStore>(
      new HistoryStore(*std::move(database), *std::move(append)));
}

Result<HistoryStore::Contents> HistoryStore::Read() {
  const std::lock_guard lock(mutex_);
  const std::string& file = database_.file();
  const Result<std::string> key = database_.Ask("SELECT key FROM hash_key");
  if (!key) return Damaged(file, key.error().message);
  if (key->size() != 16) return Damaged(file, "the key of its hashes is lost");
  Result<std::vector<OwnerRow>> owners = ReadOwners(&database_);
  if (!owners) return Damaged(file, owners.error().message);
  Result<std::vector<ChangeRow>> changes = ReadChanges(&database_);
  if (!changes) return Damaged(file, changes.error().message);
  NumberReader halves(*key);
  Contents contents{*std::move(owners), *std::move(changes), {}};
  contents.key[0] = static_cast<std::uint64_t>(halves.Number());
  contents.key[1] = static_cast<std::uint64_t>(halves.Number());
  return contents;
}

Result<void> HistoryStore::Append(std::span<const ChangeRow> rows) {
  const std::lock_guard lock(mutex_);
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  for (const ChangeRow& row : rows) {
    const std::string change = Encode(row.change);
    append_.Bind(1, row.name).Bind(2, static_cast<std::int64_t>(row.sequence));
    const Result<void> written = append_.Bind(3, change).Run();
    if (!written) return written;
  }
  return whole->Commit();
}

Result<void> HistoryStore::Write(std::span<const OwnerRow> rows) {
  const std::lock_guard lock(mutex_);
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  Result<SqliteStatement> insert =
      database_.Prepare("REPLACE INTO owner VALUES (?1, ?2, ?3, ?4)");
  Result<SqliteStatement> clear = database_.Prepare(
      "DELETE FROM recent WHERE name = ?1 AND sequence <= ?2");
  if (!insert) return std::unexpected(insert.error());
  if (!clear) return std::unexpected(clear.error());
  for (const OwnerRow& row : rows) {
    const auto sequence = static_cast<std::int64_t>(row.sequence);
    insert->Bind(1, row.name).Bind(2, sequence);
    insert->Bind(3, Encode(row.history.numbers));
    Result<void> written = insert->Bind(4, row.history.seen.Encode()).Run();
    if (written) written = clear->Bind(1, row.name).Bind(2, sequence).Run();
    if (!written) return written;
  }
  return whole->Commit();
}

Result<void> HistoryStore::Remove(std::span<const std::string> names) {
  const std::lock_guard lock(mutex_);
  Result<SqliteTransaction> whole = SqliteTransaction::Begin(&database_);
  if (!whole) return std::unexpected(whole.error());
  for (const char* sql : {"DELETE FROM owner WHERE name = ?1",
                          "DELETE FROM recent WHERE name = ?1"}) {
    Result<SqliteStatement> remove = database_.Prepare(sql);
    if (!remove) return std::unexpected(remove.error());
    for (const std::string& name : names) {
      const Result<void> removed = remove->Bind(1, name).Run();
      if (!removed) return removed;
    }
  }
  return whole->Commit();
}

Result<void> HistoryStore::Sync() {
  const std::lock_guard lock(mutex_);
  return database_.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace postern
