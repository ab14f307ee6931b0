// Sqlite: the wrapper of libsqlite3. Nothing else includes it.
//
// A SqliteDatabase belongs to one thread at a time. Every failure is an Error
// that names the file. Statements are finalised before their database.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "policy/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace postern {

struct SqliteClose {
  void operator()(sqlite3* database) const;
};
struct SqliteFinalize {
  void operator()(sqlite3_stmt* statement) const;
};

class SqliteStatement {
 public:
  // Parameters count from 1; texts are stored as blobs, octet for octet.
  SqliteStatement& Bind(int index, std::int64_t value);
  SqliteStatement& Bind(int index, std::string_view octets);
  // True: there is a row to read. False: done, and ready to be bound anew.
  [[nodiscard]] Result<bool> Step();
  // Steps to the end, ignoring rows.
  [[nodiscard]] Result<void> Run();

  // Columns count from 0.
  [[nodiscard]] std::int64_t Integer(int column) const;
  [[nodiscard]] std::string Octets(int column) const;

 private:
  friend class SqliteDatabase;
  SqliteStatement(std::string file, sqlite3_stmt* statement)
      : file_(std::move(file)), statement_(statement) {}
  std::string file_;
  std::unique_ptr<sqlite3_stmt, SqliteFinalize> statement_;
};

class SqliteDatabase {
 public:
  // Makes the file when it is not there; mode 0600 by the caller's umask.
  [[nodiscard]] static Result<SqliteDatabase> Open(const std::string& file);

  // Of a file that is there; writes nothing.
  [[nodiscard]] static Result<SqliteDatabase> OpenToRead(
      const std::string& file);

  // One or more statements without parameters.
  [[nodiscard]] Result<void> Execute(const std::string& sql);
  [[nodiscard]] Result<SqliteStatement> Prepare(std::string_view sql);
  // The first column of the first row of a query.
  [[nodiscard]] Result<std::string> Ask(std::string_view sql);
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  SqliteDatabase(std::string file, sqlite3* database)
      : file_(std::move(file)), database_(database) {}
  [[nodiscard]] static Result<SqliteDatabase> OpenWith(const std::string& file,
                                                       int flags);

  std::string file_;
  std::unique_ptr<sqlite3, SqliteClose> database_;
};

// Rolls back unless committed.
class SqliteTransaction {
 public:
  [[nodiscard]] static Result<SqliteTransaction> Begin(
      SqliteDatabase* database);
  SqliteTransaction(SqliteTransaction&& other) noexcept
      : database_(std::exchange(other.database_, nullptr)) {}
  SqliteTransaction(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(const SqliteTransaction&) = delete;
  SqliteTransaction& operator=(SqliteTransaction&&) = delete;
  ~SqliteTransaction();
  [[nodiscard]] Result<void> Commit();

 private:
  explicit SqliteTransaction(SqliteDatabase* database) : database_(database) {}
  SqliteDatabase* database_;  // null: nothing to roll back
};

}  // namespace postern
