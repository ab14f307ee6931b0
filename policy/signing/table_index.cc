// Rows and their look-up. Patterns as they are written in practice, literal but
// for a leading "*@" or "*@*.", are found by binary search; only others are
// tried one by one.

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/signing/tables.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLine = 65536;
constexpr std::string_view kSpace = " \t\r\f\v";  // isspace() but for "\n"
constexpr std::string_view kHost = "*@", kSubhost = "*@*.";

std::string_view TrimSpace(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

int Compare(std::string_view a, std::string_view b, LetterCase letters) {
  if (letters == LetterCase::kCounts) return a.compare(b);
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const char x = ToLower(a[i]), y = ToLower(b[i]);
    if (x != y) return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

// opendkim reads a pattern from the very start of the line; a line that begins
// with a blank has none and is passed over.
TableRow Split(std::string_view line, TableForm form) {
  line = line.substr(0, line.find('#'));
  const bool is_blank_first =
      !line.empty() && kSpace.find(line.front()) != kSpace.npos;
  if (form == TableForm::kRefile && is_blank_first) return {};
  line = TrimSpace(line);
  const std::size_t end = std::min(line.find_first_of(kSpace), line.size());
  return {line.substr(0, end), TrimSpace(line.substr(end)), 0};
}

bool IsLiteralAfter(std::string_view pattern, std::string_view prefix) {
  return pattern.starts_with(prefix) &&
         pattern.find('*', prefix.size()) == pattern.npos;
}

}  // namespace

Result<std::unique_ptr<const TableIndex>> TableIndex::Parse(
    std::string text, const TableSource& source, LetterCase letters) {
  std::unique_ptr<TableIndex> index(
      new TableIndex(std::move(text), source.form, letters));
  const Result<void> read = index->ReadRows(source.file);
  if (!read) return std::unexpected(read.error());
  index->Sort();
  return index;
}

Result<void> TableIndex::ReadRows(const std::string& file) {
  std::string_view rest = text_;
  for (int number = 1; !rest.empty(); ++number) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const auto fault = [&](std::string_view what) {
      return Fail(fmt::format("{}:{}: {}", file, number, what));
    };
    if (line.size() > kMaxLine) return fault("a line of more than 64 KiB");
    if (line.find('\0') != line.npos) return fault("a NUL; is this a table?");
    TableRow row = Split(line, form_);
    if (row.name.empty()) continue;
    if (row.value.empty())
      return fault(
          fmt::format("nothing after \"{}\"", EscapeForLog(row.name, 60)));
    row.line = number;
    rows_.push_back(row);
  }
  return {};
}

void TableIndex::Sort() {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const std::string_view name = rows_[i].name;
    if (form_ == TableForm::kFile || name.find('*') == name.npos)
      literal_.push_back(i);
    else if (IsLiteralAfter(name, kHost))
      of_host_.push_back(i);
    else if (IsLiteralAfter(name, kSubhost))
      of_subhost_.push_back(i);
    else
      others_.push_back(i);
  }
  const auto sort = [&](Sorted* rows, std::size_t prefix) {
    std::ranges::sort(*rows, [&](std::size_t a, std::size_t b) {
      const int order = Compare(rows_[a].name.substr(prefix),
                                rows_[b].name.substr(prefix), case_);
      return order != 0 ? order < 0 : a < b;  // the first in the file first
    });
  };
  sort(&literal_, 0);
  sort(&of_host_, kHost.size());
  sort(&of_subhost_, kSubhost.size());
}

// The rows whose name, without its first octets, is the key.
void TableIndex::Collect(const Sorted& sorted, std::size_t prefix,
                         std::string_view key,
                         std::vector<std::size_t>* found) const {
  auto row = std::ranges::lower_bound(
      sorted, key,
      [&](std::string_view a, std::string_view b) {
        return Compare(a, b, case_) < 0;
      },
      [&](std::size_t i) { return rows_[i].name.substr(prefix); });
  for (; row != sorted.end(); ++row) {
    if (Compare(rows_[*row].name.substr(prefix), key, case_) != 0) return;
    found->push_back(*row);
  }
}

std::vector<std::size_t> TableIndex::Matching(std::string_view name) const {
  std::vector<std::size_t> found;
  Collect(literal_, 0, name, &found);
  if (form_ == TableForm::kFile) return found;
  for (std::size_t at = name.find('@'); at != name.npos;
       at = name.find('@', at + 1)) {
    Collect(of_host_, kHost.size(), name.substr(at + 1), &found);
    for (std::size_t dot = name.find('.', at); dot != name.npos;
         dot = name.find('.', dot + 1))
      Collect(of_subhost_, kSubhost.size(), name.substr(dot + 1), &found);
  }
  for (const std::size_t row : others_)
    if (MatchesGlob(name, rows_[row].name, case_)) found.push_back(row);
  // A name with several "@" may have met a row twice.
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

const TableRow* TableIndex::First(std::string_view name) const {
  const std::vector<std::size_t> found = Matching(name);
  return found.empty() ? nullptr : &rows_[found.front()];
}

}  // namespace postern
