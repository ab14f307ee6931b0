// One pass cuts the value into items at the marks that stand outside of quotes,
// comments, angle brackets and literals; each item is then written by itself.
// What comes out is read again: other mailboxes than went in are an error.

#include "policy/message/address_form.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "policy/base/text.h"
#include "policy/message/address.h"

namespace postern {
namespace {

constexpr std::size_t kMaxOctets = 100'000;

// Follows what an octet stands in.
class Place {
 public:
  // True for an octet that is not part of a quoted string or a comment, its
  // delimiters included.
  bool Read(char c) {
    const bool was_inside = is_quoted_ || depth_ > 0;
    if (is_escaped_) {
      is_escaped_ = false;
    } else if (c == '\\' && was_inside) {
      is_escaped_ = true;
    } else if (c == '"' && depth_ == 0) {
      is_quoted_ = !is_quoted_;
    } else if (c == '(' && !is_quoted_) {
      ++depth_;
    } else if (c == ')' && depth_ > 0) {
      --depth_;
    }
    return !was_inside && !is_quoted_ && depth_ == 0;
  }
  [[nodiscard]] bool is_open() const { return is_quoted_ || depth_ > 0; }
  [[nodiscard]] bool is_comment() const { return depth_ > 0; }

 private:
  bool is_quoted_ = false, is_escaped_ = false;
  int depth_ = 0;
};

struct Item {
  std::string_view text;  // trimmed
  char mark = ',';        // what ended it: , ; : or the end as ,
  std::size_t angle = std::string_view::npos;  // of its "<"
};

// nullopt: quotes, comments or brackets do not match.
std::optional<std::vector<Item>> Cut(std::string_view value) {
  std::vector<Item> items;
  Place place;
  std::size_t begin = 0, angle = value.npos;
  char bracket = 0;  // the one that would close the present "<" or "["
  const auto end_item = [&](std::size_t end, char mark) {
    const std::string_view raw = value.substr(begin, end - begin);
    const std::string_view text = Trim(raw);
    const std::size_t blanks = text.empty() ? 0 : text.data() - raw.data();
    items.push_back(
        {text, mark,
         angle == value.npos ? value.npos : angle - begin - blanks});
    begin = end + 1;
    angle = value.npos;
  };
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (!place.Read(c)) continue;
    if (bracket != 0) {
      if (c == bracket) bracket = 0;
      if (c == '<') return std::nullopt;
    } else if (c == '<') {
      if (angle != value.npos) return std::nullopt;
      angle = i;
      bracket = '>';
    } else if (c == '[') {
      bracket = ']';
    } else if (c == ',' || c == ';' || c == ':') {
      end_item(i, c);
    }
  }
  if (place.is_open() || bracket == ']') return std::nullopt;
  end_item(value.size(), ',');
  return items;
}

// RFC 5322 s.3.2.3 atext but for the apostrophe, which Sendmail has quoted
// (MustQuoteChars).
bool IsPlainWord(std::string_view word) {
  constexpr std::string_view kMarks = "!#$%&*+-/=?^_`{|}~";
  return std::all_of(word.begin(), word.end(), [&](char c) {
    return (static_cast<unsigned char>(c) & 0x80) != 0 || IsAlnum(c) ||
           kMarks.find(c) != kMarks.npos;
  });
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// RFC 2047 s.5 (3): what a Q-encoded word may hold raw within a phrase. The
// rest is written =XX, or Sendmail would put quotes around the word and nobody
// would decode it any more.
std::string EncodedWord(std::string_view word) {
  const std::size_t encoding = word.find('?', 2) + 1;
  if (encoding == 0 || !StartsWithIgnoreCase(word.substr(encoding), "Q?"))
    return std::string(word);
  constexpr std::string_view kRaw = "!*+-/=_";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string safe(word.substr(0, encoding + 2));
  for (const char c : word.substr(encoding + 2, word.size() - encoding - 4)) {
    const auto octet = static_cast<unsigned char>(c);
    if (IsAlnum(c) || kRaw.find(c) != kRaw.npos) {
      safe += c;
    } else {
      safe += '=';
      safe += kDigits[octet >> 4];
      safe += kDigits[octet & 15];
    }
  }
  return safe + "?=";
}

bool IsEncodedWord(std::string_view word) {
  return word.size() >= 8 && word.starts_with("=?") && word.ends_with("?=") &&
         std::count(word.begin(), word.end(), '?') == 4;
}

// The display name with quotes where they are needed: around the whole, or
// around the word where others must stay outside of quotes.
std::string QuotedWhereNeeded(std::string_view phrase) {
  std::string by_word, word;
  bool needs_change = false, is_mixed = false;
  const auto end_word = [&] {
    const bool is_encoded = IsEncodedWord(word);
    is_mixed |= is_encoded;
    needs_change |= !IsPlainWord(word);
    by_word += is_encoded          ? EncodedWord(word)
               : IsPlainWord(word) ? word
                                   : Quote(word);
    word.clear();
  };
  Place place;
  for (const char c : phrase) {
    const bool is_bare = place.Read(c);
    is_mixed |= !is_bare;
    if (is_bare && !IsBlank(c)) {
      word += c;
      continue;
    }
    end_word();
    by_word += c;
  }
  end_word();
  if (!needs_change) return std::string(phrase);
  return is_mixed ? by_word : Quote(phrase);
}

bool LooksLikeName(std::string_view text) {
  const bool is_lower_word =
      (IsAlnum(text.front()) && ToLower(text.front()) == text.front()) &&
      text.find(' ') == text.npos;
  return !is_lower_word;
}

struct Parts {
  std::string address;   // comments removed
  std::string comments;  // with their parentheses
  bool is_odd = false;   // a comment stands before or inside the address
};

Parts SplitComments(std::string_view text) {
  Parts parts;
  Place place;
  for (const char c : text) {
    const bool was_comment = place.is_comment();
    place.Read(c);
    const bool is_comment = was_comment || place.is_comment();
    if (!is_comment && !parts.comments.empty() && !IsBlank(c))
      parts.is_odd = true;
    (is_comment || !parts.comments.empty() ? parts.comments : parts.address) +=
        c;
  }
  parts.address = Trim(parts.address);
  parts.comments = Trim(parts.comments);
  parts.is_odd |= parts.address.empty();
  return parts;
}

std::string LocalPartOf(std::string_view address) {
  return std::string(address.substr(0, address.rfind('@')));
}

// A recipient with that local part; empty: there is none.
std::string RecipientNamed(std::string_view local_part,
                           const LocalPartHome& home) {
  for (const ForwardPath& path : home.recipients)
    if (EqualsIgnoreCase(LocalPartOf(path.address), local_part))
      return path.address;
  return {};
}

// The one address; empty: not one.
std::string WriteAddress(std::string_view text, const LocalPartHome& home) {
  text = Trim(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  std::string address(text);
  if (text.find_first_of("@\" \t") == text.npos && !text.empty()) {
    address = RecipientNamed(text, home);
    if (address.empty() && !home.domain.empty())
      address = std::string(text) + "@" + home.domain;
  }
  const AddressList list = ParseAddressList("<" + address + ">");
  if (!list.error.empty() || list.mailboxes.size() != 1) return {};
  return list.mailboxes.front().address.ToString();
}

// A mailbox without angle brackets.
std::string WriteBare(const Item& item, const LocalPartHome& home) {
  const Parts parts = SplitComments(item.text);
  if (parts.is_odd) return {};
  std::string written = WriteAddress(parts.address, home);
  if (!written.empty() && !parts.comments.empty())
    written += " " + parts.comments;
  return written;
}

// A mailbox with angle brackets; `before` stands before its display name.
std::string WriteNamed(const Item& item, std::string_view before,
                       const LocalPartHome& home) {
  std::string phrase(before);
  if (!phrase.empty()) phrase += ", ";
  phrase += Trim(item.text.substr(0, item.angle));
  const bool has_gap =
      item.angle > 0 && !phrase.empty() && IsBlank(item.text[item.angle - 1]);
  std::string_view rest = item.text.substr(item.angle + 1);
  Place place;
  std::size_t close = 0;
  while (close < rest.size() &&
         !(place.Read(rest[close]) && rest[close] == '>'))
    ++close;
  const std::string address = WriteAddress(rest.substr(0, close), home);
  const bool has_comment = Contains(rest.substr(0, close), "(");
  if (address.empty() || has_comment) return {};
  std::string written = QuotedWhereNeeded(phrase);
  if (has_gap) written += ' ';
  written += "<" + address + ">";
  const Parts after =
      SplitComments(close < rest.size() ? rest.substr(close + 1) : "");
  if (!after.address.empty()) return {};
  if (!after.comments.empty()) written += " " + after.comments;
  return written;
}

// Writes the items; what comes out is joined by commas.
class Writer {
 public:
  explicit Writer(const LocalPartHome& home) : home_(home) {}

  std::optional<std::string> Write(const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const bool is_last = i + 1 == items.size();
      if (!Add(items[i], is_last ? nullptr : &items[i + 1]))
        return std::nullopt;
    }
    if (is_in_group_ || !before_.empty()) return std::nullopt;
    return std::move(text_);
  }

 private:
  bool Add(const Item& item, const Item* next) {
    if (item.mark == ':') return OpenGroup(item);
    const bool has_angle = item.angle != std::string_view::npos;
    if (!item.text.empty() && !has_angle && IsUnquotedName(item, next)) {
      before_ += (before_.empty() ? "" : ", ") + std::string(item.text);
      return true;
    }
    if (!item.text.empty()) {
      const std::string written =
          has_angle ? WriteNamed(item, std::exchange(before_, ""), home_)
                    : WriteBare(item, home_);
      if (written.empty()) return false;
      AddMember(written);
    }
    if (item.mark == ';' && is_in_group_) {
      text_ += ';';
      is_in_group_ = false;
    }
    return true;
  }

  // "Doe, John <john@x>": the name is cut by its own comma. It looks like a
  // name, and no recipient is called so.
  [[nodiscard]] bool IsUnquotedName(const Item& item, const Item* next) const {
    return item.mark == ',' && next != nullptr &&
           next->angle != std::string_view::npos && next->angle > 0 &&
           item.text.find_first_of("@\"(") == item.text.npos &&
           LooksLikeName(item.text) && RecipientNamed(item.text, home_).empty();
  }

  bool OpenGroup(const Item& item) {
    if (is_in_group_ || item.text.empty() || !before_.empty() ||
        item.text.find_first_of("@<>") != item.text.npos)
      return false;
    AddMember(QuotedWhereNeeded(item.text));
    text_ += ':';
    is_in_group_ = true;
    is_first_member_ = true;
    return true;
  }

  void AddMember(std::string_view written) {
    if (std::exchange(is_first_member_, false))
      text_ += is_in_group_ ? " " : "";
    else
      text_ += ", ";
    text_ += written;
  }

  const LocalPartHome& home_;
  std::string text_;
  std::string before_;  // of a display name that its comma has cut
  bool is_in_group_ = false, is_first_member_ = true;
};

std::string_view WithoutDot(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  return domain;
}

bool HasSameMailboxes(const AddressList& a, const AddressList& b) {
  return std::equal(a.mailboxes.begin(), a.mailboxes.end(), b.mailboxes.begin(),
                    b.mailboxes.end(), [](const Mailbox& x, const Mailbox& y) {
                      return x.address.local_part == y.address.local_part &&
                             WithoutDot(x.address.domain) ==
                                 WithoutDot(y.address.domain);
                    });
}

}  // namespace

LocalPartHome HomeOf(const Message& message) {
  const bool is_sendmail = message.submission.mta_kind == MtaKind::kSendmail;
  return {message.envelope.recipients,
          is_sendmail ? message.submission.mta_name : std::string()};
}

std::optional<std::string> WriteAddressList(std::string_view value,
                                            const LocalPartHome& home) {
  if (value.size() > kMaxOctets ||
      value.find_first_of(std::string_view("\0\r\n", 3)) != value.npos)
    return std::nullopt;
  const std::optional<std::vector<Item>> items = Cut(value);
  if (!items) return std::nullopt;
  std::optional<std::string> written = Writer(home).Write(*items);
  if (!written) return std::nullopt;
  const AddressList after = ParseAddressList(*written);
  if (!after.error.empty()) return std::nullopt;
  const AddressList before = ParseAddressList(value);
  if (before.error.empty() && !HasSameMailboxes(before, after))
    return std::nullopt;
  return written;
}

bool IsSameButBlanks(std::string_view a, std::string_view b) {
  a = Trim(a);
  b = Trim(b);
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const bool is_blank = IsBlank(a[i]);
    if (is_blank != IsBlank(b[j]) || (!is_blank && a[i] != b[j])) return false;
    ++i;
    ++j;
    if (!is_blank) continue;
    while (i < a.size() && IsBlank(a[i])) ++i;
    while (j < b.size() && IsBlank(b[j])) ++j;
  }
  return i == a.size() && j == b.size();
}

}  // namespace postern
