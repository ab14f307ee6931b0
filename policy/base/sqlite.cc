#include "policy/base/sqlite.h"

#include <sqlite3.h>

#include <fmt/format.h>

namespace postern {
namespace {

std::unexpected<Error> Failure(const std::string& file, sqlite3* database) {
  return Fail(fmt::format("{}: {}", file, sqlite3_errmsg(database)));
}

}  // namespace

void SqliteClose::operator()(sqlite3* database) const {
  sqlite3_close_v2(database);
}

void SqliteFinalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::Bind(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), index, value);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int index, std::string_view octets) {
  // A null pointer would bind NULL instead of the empty blob.
  const char* start = octets.empty() ? "" : octets.data();
  sqlite3_bind_blob64(statement_.get(), index, start, octets.size(),
                      SQLITE_TRANSIENT);
  return *this;
}

Result<bool> SqliteStatement::Step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  sqlite3* database = sqlite3_db_handle(statement_.get());
  if (status != SQLITE_DONE) {
    auto failure = Failure(file_, database);
    sqlite3_reset(statement_.get());
    return failure;
  }
  sqlite3_reset(statement_.get());
  return false;
}

Result<void> SqliteStatement::Run() {
  for (;;) {
    const Result<bool> has_row = Step();
    if (!has_row) return std::unexpected(has_row.error());
    if (!*has_row) return {};
  }
}

std::int64_t SqliteStatement::Integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::Octets(int column) const {
  const void* octets = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (octets == nullptr) return {};
  return {static_cast<const char*>(octets), static_cast<std::size_t>(size)};
}

Result<SqliteDatabase> SqliteDatabase::Open(const std::string& file) {
  return OpenWith(file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

Result<SqliteDatabase> SqliteDatabase::OpenToRead(const std::string& file) {
  return OpenWith(file, SQLITE_OPEN_READONLY);
}

Result<SqliteDatabase> SqliteDatabase::OpenWith(const std::string& file,
                                                int flags) {
  sqlite3* raw = nullptr;
  const int status = sqlite3_open_v2(file.c_str(), &raw,
                                     flags | SQLITE_OPEN_FULLMUTEX, nullptr);
  SqliteDatabase database(file, raw);
  if (status != SQLITE_OK) return Failure(file, raw);
  sqlite3_busy_timeout(raw, 5'000);
  return database;
}

Result<void> SqliteDatabase::Execute(const std::string& sql) {
  const int status =
      sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (status != SQLITE_OK) return Failure(file_, database_.get());
  return {};
}

Result<SqliteStatement> SqliteDatabase::Prepare(std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int status = sqlite3_prepare_v2(
      database_.get(), sql.data(), static_cast<int>(sql.size()), &raw, nullptr);
  if (status != SQLITE_OK) return Failure(file_, database_.get());
  return SqliteStatement(file_, raw);
}

Result<std::string> SqliteDatabase::Ask(std::string_view sql) {
  Result<SqliteStatement> query = Prepare(sql);
  if (!query) return std::unexpected(query.error());
  const Result<bool> has_row = query->Step();
  if (!has_row) return std::unexpected(has_row.error());
  return *has_row ? query->Octets(0) : std::string();
}

Result<SqliteTransaction> SqliteTransaction::Begin(SqliteDatabase* database) {
  const Result<void> begun = database->Execute("BEGIN IMMEDIATE");
  if (!begun) return std::unexpected(begun.error());
  return SqliteTransaction(database);
}

SqliteTransaction::~SqliteTransaction() {
  // A failed COMMIT may have rolled back by itself: nothing is left to say.
  if (database_ != nullptr) (void)database_->Execute("ROLLBACK");
}

Result<void> SqliteTransaction::Commit() {
  const Result<void> committed = database_->Execute("COMMIT");
  if (committed) database_ = nullptr;
  return committed;
}

}  // namespace postern
