#include "policy/signing/arc_results.h"

#include <algorithm>
#include <optional>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxEntries = 20;
constexpr std::size_t kMaxEntryOctets = 400;
constexpr std::size_t kMaxDkimEntries = 10;

// Cuts a value at the semicolons outside of quotes; comments are dropped (RFC
// 5322 s.3.2.2: they nest). Nothing of a value that two readers would cut
// differently: an end of a comment without a beginning, or the reverse.
class Cutter {
 public:
  std::vector<std::string> Cut(std::string_view value) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool is_escape = value[i] == '\\' && (is_quoted_ || depth_ > 0) &&
                             i + 1 < value.size();
      if (!is_escape) {
        Read(value[i]);
        continue;
      }
      if (depth_ == 0) pieces_.back() += value.substr(i, 2);
      ++i;
    }
    if (is_quoted_ || depth_ != 0 || is_stray_)
      return std::vector<std::string>(1);
    return std::move(pieces_);
  }

 private:
  void Read(char c) {
    if (depth_ == 0 && c == '"') is_quoted_ = !is_quoted_;
    if (!is_quoted_ && c == '(') ++depth_;
    const bool is_outside = depth_ == 0;
    if (!is_quoted_ && c == ')') {
      is_stray_ |= depth_ == 0;
      depth_ -= depth_ > 0;
    }
    if (!is_outside) return;
    if (c == ';' && !is_quoted_)
      pieces_.emplace_back();
    else
      pieces_.back() += c;
  }

  std::vector<std::string> pieces_{1};
  bool is_quoted_ = false;
  bool is_stray_ = false;
  int depth_ = 0;
};

// One space where there were several.
std::string Squeezed(std::string_view text) {
  std::string squeezed;
  for (const char c : Trim(text)) {
    const bool is_blank = IsBlank(c) || c == '\r' || c == '\n';
    if (is_blank && squeezed.ends_with(' ')) continue;
    squeezed += is_blank ? ' ' : c;
  }
  return squeezed;
}

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c < 0x7f; });
}

struct Entry {
  std::string method, result;  // lower case
};

// "dkim=pass …", "dkim/1 = pass …"
std::optional<Entry> ReadEntry(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const std::string_view name = Trim(text.substr(0, equals));
  const std::string_view rest = Trim(text.substr(equals + 1));
  Entry entry{ToLower(Trim(name.substr(0, name.find('/')))),
              ToLower(rest.substr(0, rest.find(' ')))};
  const auto is_keyword = [](std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
      return IsAlnum(c) || c == '-' || c == '_';
    });
  };
  if (!is_keyword(entry.method) || !is_keyword(entry.result))
    return std::nullopt;
  return entry;
}

bool IsTrusted(std::string_view first, std::span<const std::string> ids) {
  // "authserv-id [version]"
  const std::string id = Squeezed(first);
  const std::string_view bare = std::string_view(id).substr(0, id.find(' '));
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& trusted) {
    return EqualsIgnoreCase(bare, trusted);
  });
}

}  // namespace

TrustedResults ReadTrustedResults(const Header& received,
                                  std::span<const std::string> authserv_ids) {
  TrustedResults results;
  bool has_arc = false, is_arc_bad = false;
  for (const HeaderField* field : received.FindAll("Authentication-Results")) {
    const std::vector<std::string> pieces = Cutter().Cut(field->value);
    if (!IsTrusted(pieces.front(), authserv_ids)) continue;
    for (std::size_t i = 1; i < pieces.size(); ++i) {
      std::string text = Squeezed(pieces[i]);
      const std::optional<Entry> entry = ReadEntry(text);
      if (!entry || !IsPrintable(text) || text.size() > kMaxEntryOctets)
        continue;
      if (entry->method == "arc") {
        has_arc = true;
        is_arc_bad |= entry->result != "pass";
        continue;
      }
      results.has_dkim |= entry->method == "dkim";
      if (results.entries.size() < kMaxEntries)
        results.entries.push_back(std::move(text));
    }
  }
  results.says_arc_pass = has_arc && !is_arc_bad;
  return results;
}

std::vector<std::string> DkimEntries(std::span<const DkimFact> signatures) {
  std::vector<std::string> entries;
  for (const DkimFact& fact : signatures) {
    const std::optional<Domain> domain = Domain::Parse(fact.domain);
    const std::optional<Domain> selector = Domain::Parse(fact.selector);
    if (fact.is_ours || !domain || !selector) continue;
    if (entries.size() == kMaxDkimEntries) break;
    entries.push_back("dkim=" + std::string(ToString(fact.result)) +
                      " header.d=" + domain->text() +
                      " header.s=" + selector->text());
  }
  return entries;
}

}  // namespace postern
