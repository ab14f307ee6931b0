// A reader of RFC 5322 s.3.4 with the obsolete forms of s.4.4. One pass, no
// recursion: comments are counted, groups do not nest. It stops at the first
// fault and keeps the mailboxes read before it.

#include "policy/message/address.h"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxOctets = 100'000;
constexpr std::size_t kMaxMailboxes = 10'000;
constexpr int kEnd = -1;

// RFC 5322 s.3.2.3 atext, with RFC 6532's UTF8-non-ascii.
bool IsAtext(int c) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~";
  if (c == kEnd) return false;
  const auto octet = static_cast<char>(c);
  return c >= 0x80 || IsAlnum(octet) || kMarks.find(octet) != kMarks.npos;
}

bool IsAtom(std::string_view text) {
  for (const char c : text)
    if (!IsAtext(static_cast<unsigned char>(c))) return false;
  return !text.empty();
}

bool IsDotAtom(std::string_view text) {
  for (const std::string_view atom : Split(text, '.'))
    if (!IsAtom(atom)) return false;
  return true;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string Shown(std::string_view text) {
  return "\"" + EscapeForLog(text, 60) + "\"";
}

enum class WordKind { kAtom, kQuoted, kDot };
struct Word {
  WordKind kind = WordKind::kAtom;
  std::string text;  // quotes removed
  bool has_space_before = false;
};
using Words = std::vector<Word>;

// The words as a reader would see them: a display name.
std::string PhraseOf(const Words& words) {
  std::string phrase;
  for (const Word& word : words) {
    if (word.has_space_before && !phrase.empty()) phrase += ' ';
    phrase += word.text;
  }
  return phrase;
}

// True for word *("." word).
bool AreWordsBetweenDots(const Words& words) {
  bool wants_word = true;
  for (const Word& word : words) {
    if (wants_word == (word.kind == WordKind::kDot)) return false;
    wants_word = !wants_word;
  }
  return !wants_word;
}

class AddressReader {
 public:
  explicit AddressReader(std::string_view text) : text_(text) {}

  AddressList Read() {
    while (list_.error.empty() && SkipCfws() && Peek() != kEnd) ReadElement();
    if (list_.error.empty() && is_in_group_)
      Fault(fmt::format("group {} is not closed by ';'", Shown(group_)));
    if (list_.error.empty() && has_comma_ && list_.mailboxes.empty() &&
        !list_.has_group)
      Fault("nothing but commas");
    list_.is_empty = list_.error.empty() && list_.mailboxes.empty() &&
                     !list_.has_group && !has_comma_;
    return std::move(list_);
  }

 private:
  [[nodiscard]] int Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size()
               ? static_cast<unsigned char>(text_[at_ + ahead])
               : kEnd;
  }

  bool Fault(std::string words) {
    if (list_.error.empty()) list_.error = std::move(words);
    return false;
  }

  // What stands where the grammar allows it not.
  bool FaultHere() {
    const int c = Peek();
    if (c == kEnd) return Fault("ends too early");
    if (c == '\r') return Fault("bare CR");
    if (c == '\n') return Fault("bare LF");
    if (c < ' ' || c == 0x7f) return Fault("control character");
    if (c == ')') return Fault("')' without '('");
    if (c == ';') return Fault("';' outside a group");
    return Fault(fmt::format("unquoted '{}'", static_cast<char>(c)));
  }

  // The octets of a fold's line ending here; 0: none (RFC 5322 s.3.2.2).
  [[nodiscard]] std::size_t FoldHere() const {
    const std::size_t size = Peek() == '\r' && Peek(1) == '\n' ? 2
                             : Peek() == '\n'                  ? 1
                                                               : 0;
    const int next = Peek(size);
    return size > 0 && (next == ' ' || next == '\t') ? size : 0;
  }

  bool SkipCfws() {
    for (;;) {
      const std::size_t fold = FoldHere();
      if (fold > 0 || Peek() == ' ' || Peek() == '\t') {
        at_ += fold > 0 ? fold : 1;
      } else if (Peek() != '(') {
        return true;
      } else if (!SkipComment()) {
        return false;
      }
    }
  }

  bool SkipComment() {
    std::size_t depth = 0;
    do {
      if (Peek() == kEnd) return Fault("unclosed comment");
      if (!SkipQuotable()) return false;
      if (text_[at_ - 1] == '(' && !is_escaped_) ++depth;
      if (text_[at_ - 1] == ')' && !is_escaped_) --depth;
    } while (depth > 0);
    return true;
  }

  // One octet, quoted pair or fold inside quotes or a comment; the octet that
  // is meant is text_[at_ - 1].
  bool SkipQuotable() {
    at_ += FoldHere();
    is_escaped_ = Peek() == '\\' && Peek(1) != kEnd;
    if (is_escaped_) ++at_;
    const int c = Peek();
    if (c != '\t' && (c < ' ' || c == 0x7f)) return FaultHere();
    ++at_;
    return true;
  }

  void ReadElement() {
    if (Peek() == ',') {
      has_comma_ = true;
      ++at_;
      return;
    }
    if (Peek() == ';') {
      if (!std::exchange(is_in_group_, false)) FaultHere();
      ++at_;
      // RFC 5322 s.3.4: what follows a group is a comma or the end.
      if (SkipCfws() && Peek() != ',' && Peek() != kEnd)
        Fault("missing ',' after a group");
      return;
    }
    if (!ReadWords()) return;
    if (Peek() == ':') return OpenGroup();
    if (!ReadMailbox() || !SkipCfws()) return;
    const bool is_end =
        Peek() == ',' || Peek() == kEnd || (Peek() == ';' && is_in_group_);
    if (!is_end) FaultAfterMailbox();
  }

  void FaultAfterMailbox() {
    const std::string before = list_.mailboxes.back().address.ToString();
    list_.mailboxes.pop_back();
    if (Peek() == '<' && !is_angle_) {
      Fault("unquoted '@' in a display name");
    } else if (Peek() == ';' || Peek() == ')' || Peek() < ' ') {
      FaultHere();
    } else {
      Fault(fmt::format("unexpected text after {}", Shown(before)));
    }
  }

  void OpenGroup() {
    if (is_in_group_) {
      Fault("group inside a group");
    } else if (words_.empty() || words_[0].kind == WordKind::kDot) {
      Fault("group without a name");
    } else {
      group_ = PhraseOf(words_);
      is_in_group_ = list_.has_group = true;
      ++at_;
    }
  }

  // The mailbox whose first words are read.
  bool ReadMailbox() {
    if (list_.mailboxes.size() == kMaxMailboxes)
      return Fault(fmt::format("more than {} mailboxes", kMaxMailboxes));
    Mailbox mailbox;
    is_angle_ = Peek() == '<';
    if (is_angle_) {
      // RFC 5322 s.4.1 obs-phrase: dots, but a word first.
      if (!words_.empty() && words_[0].kind == WordKind::kDot)
        return Fault("display name begins with '.'");
      mailbox.display_name = PhraseOf(words_);
      ++at_;
      if (!SkipRoute() || !ReadWords()) return false;
      if (words_.empty() && Peek() == '>') return Fault("empty address \"<>\"");
    }
    if (!ReadAddrSpec()) return false;
    if (is_angle_ && (!SkipCfws() || Peek() != '>'))
      return Fault("missing '>'");
    if (is_angle_) ++at_;
    mailbox.address = std::move(address_);
    list_.mailboxes.push_back(std::move(mailbox));
    return true;
  }

  // RFC 5322 s.4.4 obs-route: "@a,@b:".
  bool SkipRoute() {
    if (!SkipCfws() || Peek() != '@') return list_.error.empty();
    while (Peek() == '@' || Peek() == ',') {
      const bool is_domain = Peek() == '@';
      ++at_;
      if (is_domain ? !ReadDomain() : !SkipCfws()) return false;
    }
    if (Peek() != ':') return Fault("source route without ':'");
    ++at_;
    return true;
  }

  bool ReadAddrSpec() {
    if (Peek() != '@') {
      const bool is_list = Peek() == ',' || Peek() == ';' || Peek() == '>';
      if (words_.empty() || (Peek() != kEnd && !is_list)) return FaultHere();
      return Fault(fmt::format("missing '@' in {}{}", Shown(PhraseOf(words_)),
                               Peek() == ',' ? " (unquoted ','?)" : ""));
    }
    if (words_.empty()) return Fault("nothing before '@'");
    if (!AreWordsBetweenDots(words_)) {
      return Fault(fmt::format("misplaced '.' or space in the local part {}",
                               Shown(PhraseOf(words_))));
    }
    address_ = {LocalPart(), ""};
    ++at_;
    if (!ReadDomain()) return false;
    address_.domain = std::move(domain_);
    return true;
  }

  // Quoted only where that is needed (RFC 5321 s.4.1.2).
  [[nodiscard]] std::string LocalPart() const {
    if (words_.size() == 1 && IsDotAtom(words_[0].text)) return words_[0].text;
    std::string local_part;
    for (const Word& word : words_) {
      const bool is_plain = word.kind != WordKind::kQuoted || IsAtom(word.text);
      local_part += is_plain ? word.text : Quoted(word.text);
    }
    return local_part;
  }

  // Into domain_, with the white space after it.
  bool ReadDomain() {
    if (!SkipCfws()) return false;
    if (Peek() == '[') return ReadLiteral();
    if (!ReadWords()) return false;
    if (words_.empty() && (Peek() == kEnd || Peek() == '>' || Peek() == ','))
      return Fault("nothing after '@'");
    if (words_.empty()) return FaultHere();
    domain_.clear();
    for (const Word& word : words_) {
      if (word.kind == WordKind::kQuoted) return Fault("quotes in a domain");
      domain_ += word.text;
    }
    if (AreWordsBetweenDots(words_)) return true;
    return Fault(fmt::format("misplaced '.' or space in the domain {}",
                             Shown(PhraseOf(words_))));
  }

  bool ReadLiteral() {
    domain_ = "[";
    ++at_;
    while (Peek() != ']') {
      if (Peek() == kEnd) return Fault("unclosed '['");
      if (Peek() == '[') return Fault("'[' inside a domain literal");
      if (!SkipQuotable()) return false;
      if (is_escaped_) domain_ += '\\';
      if (is_escaped_ || !IsBlank(text_[at_ - 1])) domain_ += text_[at_ - 1];
    }
    ++at_;
    domain_ += ']';
    return SkipCfws();
  }

  // Atoms, quoted strings and dots up to anything else, into words_.
  bool ReadWords() {
    words_.clear();
    for (;;) {
      const std::size_t before = at_;
      if (!SkipCfws()) return false;
      const bool has_space = at_ > before;
      if (Peek() == '"') {
        words_.push_back({WordKind::kQuoted, "", has_space});
        if (!ReadQuoted()) return false;
      } else if (Peek() == '.') {
        words_.push_back({WordKind::kDot, ".", has_space});
        ++at_;
      } else if (IsAtext(Peek())) {
        const std::size_t begin = at_;
        while (IsAtext(Peek())) ++at_;
        words_.push_back({WordKind::kAtom,
                          std::string(text_.substr(begin, at_ - begin)),
                          has_space});
      } else {
        return true;
      }
    }
  }

  bool ReadQuoted() {
    ++at_;
    for (;;) {
      if (Peek() == kEnd) return Fault("unclosed quoted string");
      if (!SkipQuotable()) return false;
      if (text_[at_ - 1] == '"' && !is_escaped_) return true;
      words_.back().text += text_[at_ - 1];
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Words words_;
  AddrSpec address_;
  std::string domain_;
  std::string group_;
  bool is_escaped_ = false;
  bool is_angle_ = false;  // the last mailbox stood in angle brackets
  bool is_in_group_ = false;
  bool has_comma_ = false;
  AddressList list_;
};

}  // namespace

AddressList ParseAddressList(std::string_view value) {
  AddressList list = AddressReader(value.substr(0, kMaxOctets)).Read();
  if (value.size() > kMaxOctets)
    list.error = fmt::format("longer than {} octets", kMaxOctets);
  return list;
}

}  // namespace postern
