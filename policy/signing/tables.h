// OpenDKIM's KeyTable and SigningTable, read as opendkim.conf(5) has them.
//
//   KeyTable      NAME     DOMAIN:SELECTOR:KEY   KEY: a path, or the key itself
//   SigningTable  PATTERN  NAME[:SIGNER]
//
// A line each; "#" begins a comment wherever it stands. A table is immutable
// after reading, owns its text, and may be used by all threads. A line that
// cannot be used refuses the table and names file and line; what opendkim would
// find out with the first message is found out here. Bounded: files of 64 MiB,
// lines of 64 KiB.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/base/domain.h"
#include "policy/base/glob.h"
#include "policy/base/result.h"

namespace postern {

// How the names of a table are compared.
enum class TableForm {
  kFile,    // literally
  kRefile,  // as patterns in which "*" stands for any text, in file order
};

struct TableSource {
  TableForm form = TableForm::kFile;
  std::string file;
};
// "file:/path", "refile:/path" or "/path".
[[nodiscard]] TableSource ParseTableSource(std::string_view data_set);

struct TableRow {
  std::string_view name, value;
  int line = 0;
};

// The rows of a table and the way to find one; what both tables stand on.
class TableIndex {
 public:
  [[nodiscard]] static Result<std::unique_ptr<const TableIndex>> Parse(
      std::string text, const TableSource& source, LetterCase letters);

  [[nodiscard]] const std::vector<TableRow>& rows() const { return rows_; }
  // The first row of that very name; a refile: the first whose pattern matches.
  // The numbers of rows, in the order of the file.
  [[nodiscard]] std::vector<std::size_t> Matching(std::string_view name) const;
  [[nodiscard]] const TableRow* First(std::string_view name) const;

 private:
  // Rows that are found by a part of their pattern that is literal.
  using Sorted = std::vector<std::size_t>;
  TableIndex(std::string text, TableForm form, LetterCase letters)
      : text_(std::move(text)), form_(form), case_(letters) {}
  [[nodiscard]] Result<void> ReadRows(const std::string& file);
  void Sort();
  void Collect(const Sorted& sorted, std::size_t prefix, std::string_view key,
               std::vector<std::size_t>* found) const;

  const std::string text_;
  const TableForm form_;
  const LetterCase case_;
  std::vector<TableRow> rows_;
  Sorted literal_;     // no "*" at all, or a file's
  Sorted of_host_;     // "*@" and then literal
  Sorted of_subhost_;  // "*@*." and then literal
  Sorted others_;      // in file order
};

struct KeyRow {
  std::string_view name;
  std::string_view domain;  // d=; "%": the author's
  std::string_view selector;
  std::string_view key;  // a path that begins with "/", "./" or "../", where
                         // "%" stands for d=; or PEM or Base64 of DER
  [[nodiscard]] bool IsPath() const;
};

class KeyTable {
 public:
  [[nodiscard]] static Result<std::unique_ptr<const KeyTable>> Read(
      const std::string& data_set);
  [[nodiscard]] static Result<std::unique_ptr<const KeyTable>> Parse(
      std::string text, const TableSource& source);

  [[nodiscard]] std::optional<KeyRow> Find(std::string_view name) const;
  [[nodiscard]] const TableIndex& index() const { return *index_; }
  // "file:12" of the row of that number, for messages.
  [[nodiscard]] std::string PlaceOf(std::size_t row) const;

 private:
  KeyTable(std::string file, std::unique_ptr<const TableIndex> index)
      : file_(std::move(file)), index_(std::move(index)) {}
  const std::string file_;
  std::unique_ptr<const TableIndex> index_;
};
[[nodiscard]] std::optional<KeyRow> ParseKeyRow(const TableRow& row);

struct SigningRow {
  std::string key_name;  // "%" is already the author's domain
  std::string signer;    // i=, "%" likewise; empty: none
};

class SigningTable {
 public:
  // Every key name must be one of the key table, but for "%".
  [[nodiscard]] static Result<std::unique_ptr<const SigningTable>> Read(
      const std::string& data_set, const KeyTable& keys);
  [[nodiscard]] static Result<std::unique_ptr<const SigningTable>> Parse(
      std::string text, const TableSource& source, const KeyTable& keys);

  // All rows for an author, best first; opendkim uses the first one unless it
  // has MultipleSignatures.
  [[nodiscard]] std::vector<SigningRow> Match(std::string_view local_part,
                                              const Domain& domain) const;

 private:
  SigningTable(TableForm form, std::unique_ptr<const TableIndex> index)
      : form_(form), index_(std::move(index)) {}
  const TableForm form_;
  std::unique_ptr<const TableIndex> index_;
};

}  // namespace postern
