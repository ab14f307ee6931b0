#include "policy/signing/tables.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/files.h"

namespace postern {
namespace {

std::string Place(const std::string& file, int line) {
  return fmt::format("{}:{}: ", file, line);
}

// A field as opendkim splits them: the value's next piece before a colon.
std::string_view NextField(std::string_view* rest) {
  const std::string_view field = rest->substr(0, rest->find(':'));
  rest->remove_prefix(std::min(rest->size(), field.size() + 1));
  return field;
}

SigningRow RowFor(const TableRow& row, const Domain& domain) {
  std::string_view rest = row.value;
  const std::string_view name = NextField(&rest);
  SigningRow found{name == "%" ? domain.text() : std::string(name), ""};
  for (const char c : NextField(&rest))
    found.signer += c == '%' ? domain.text() : std::string(1, c);
  return found;
}

std::string KeyRowFault(const TableRow& row) {
  const std::optional<KeyRow> key = ParseKeyRow(row);
  if (!key || key->key.empty())
    return "not DOMAIN:SELECTOR:KEY; write \"" + EscapeForLog(row.name, 60) +
           " example.com:s1:/path/to/key.pem\"";
  if (key->domain != "%" && !Domain::Parse(key->domain))
    return fmt::format("not a domain: \"{}\"", EscapeForLog(key->domain, 60));
  // RFC 6376 s.3.1: a selector is one or more labels.
  if (!Domain::Parse(key->selector))
    return fmt::format("not a selector: \"{}\"",
                       EscapeForLog(key->selector, 60));
  return "";
}

std::string SigningRowFault(const TableRow& row, const KeyTable& keys) {
  std::string_view rest = row.value;
  const std::string_view name = NextField(&rest);
  if (name.empty()) return "names no key";
  if (name == "%" || keys.index().First(name) != nullptr) return "";
  return fmt::format("the key table has no key named \"{}\"",
                     EscapeForLog(name, 60));
}

}  // namespace

TableSource ParseTableSource(std::string_view data_set) {
  constexpr std::string_view kFile = "file:", kRefile = "refile:";
  if (data_set.starts_with(kRefile))
    return {TableForm::kRefile, std::string(data_set.substr(kRefile.size()))};
  if (data_set.starts_with(kFile)) data_set.remove_prefix(kFile.size());
  return {TableForm::kFile, std::string(data_set)};
}

bool KeyRow::IsPath() const {
  return key.starts_with('/') || key.starts_with("./") ||
         key.starts_with("../");
}

std::optional<KeyRow> ParseKeyRow(const TableRow& row) {
  KeyRow key{.name = row.name};
  std::string_view rest = row.value;
  key.domain = NextField(&rest);
  key.selector = NextField(&rest);
  key.key = rest;
  if (key.domain.empty() || key.selector.empty() || key.key.empty())
    return std::nullopt;
  return key;
}

Result<std::unique_ptr<const KeyTable>> KeyTable::Read(
    const std::string& data_set) {
  const TableSource source = ParseTableSource(data_set);
  Result<std::string> text = ReadTextFile(source.file);
  if (!text) return std::unexpected(text.error());
  return Parse(*std::move(text), source);
}

Result<std::unique_ptr<const KeyTable>> KeyTable::Parse(
    std::string text, const TableSource& source) {
  auto index = TableIndex::Parse(std::move(text), source, LetterCase::kCounts);
  if (!index) return std::unexpected(index.error());
  for (const TableRow& row : (*index)->rows())
    if (const std::string fault = KeyRowFault(row); !fault.empty())
      return Fail(Place(source.file, row.line) + fault);
  return std::unique_ptr<const KeyTable>(
      new KeyTable(source.file, *std::move(index)));
}

std::optional<KeyRow> KeyTable::Find(std::string_view name) const {
  const TableRow* row = index_->First(name);
  if (row == nullptr) return std::nullopt;
  return ParseKeyRow(*row);
}

std::string KeyTable::PlaceOf(std::size_t row) const {
  return fmt::format("{}:{}", file_, index_->rows()[row].line);
}

Result<std::unique_ptr<const SigningTable>> SigningTable::Read(
    const std::string& data_set, const KeyTable& keys) {
  const TableSource source = ParseTableSource(data_set);
  Result<std::string> text = ReadTextFile(source.file);
  if (!text) return std::unexpected(text.error());
  return Parse(*std::move(text), source, keys);
}

Result<std::unique_ptr<const SigningTable>> SigningTable::Parse(
    std::string text, const TableSource& source, const KeyTable& keys) {
  auto index = TableIndex::Parse(std::move(text), source, LetterCase::kIgnored);
  if (!index) return std::unexpected(index.error());
  for (const TableRow& row : (*index)->rows())
    if (const std::string fault = SigningRowFault(row, keys); !fault.empty())
      return Fail(Place(source.file, row.line) + fault);
  return std::unique_ptr<const SigningTable>(
      new SigningTable(source.form, *std::move(index)));
}

std::vector<SigningRow> SigningTable::Match(std::string_view local_part,
                                            const Domain& domain) const {
  // RFC 5321 s.4.5.3.1.1 allows 64; what a stranger writes must not cost much.
  if (local_part.size() > 256) return {};
  const std::string user = std::string(local_part) + "@";
  const std::string& host = domain.text();
  std::vector<SigningRow> found;
  if (form_ == TableForm::kRefile) {
    for (const std::size_t row : index_->Matching(user + host))
      found.push_back(RowFor(index_->rows()[row], domain));
    return found;
  }
  const auto look = [&](const std::string& name) {
    if (const TableRow* row = index_->First(name))
      found.push_back(RowFor(*row, domain));
  };
  look(user + host);
  look(host);
  for (std::size_t dot = host.find('.'); dot != host.npos;
       dot = host.find('.', dot + 1)) {
    look(user + host.substr(dot));
    look(host.substr(dot));
  }
  look(user + "*");
  look("*");
  return found;
}

}  // namespace postern
