#include "policy/message/encoded_word.h"

#include <algorithm>
#include <optional>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

constexpr std::size_t kMaxWord = 75;  // RFC 2047 s.2
// What is told: Python's email package writes 77, and every reader takes them.
constexpr std::size_t kLongWord = 78;
constexpr std::string_view kReplacement = "\xef\xbf\xbd";
constexpr std::string_view kHex = "0123456789ABCDEF";

// "=?charset?B?text?=" at the front of something.
struct Word {
  std::string_view charset, text;
  bool is_base64 = false;
  bool is_closed = false;
  std::size_t size = 0;  // whole, as written
};

bool IsCharsetOctet(char c) {
  return IsAlnum(c) || std::string_view("-_.:+'*").find(c) != std::string::npos;
}

// nullopt: nobody would take it for an encoded-word.
std::optional<Word> WordAt(std::string_view text) {
  std::size_t i = 2;
  while (i < text.size() && IsCharsetOctet(text[i])) ++i;
  if (i == 2 || i + 2 >= text.size() || text[i] != '?' || text[i + 2] != '?')
    return std::nullopt;
  const char encoding = ToLower(text[i + 1]);
  if (encoding != 'b' && encoding != 'q') return std::nullopt;
  Word word;
  word.is_base64 = encoding == 'b';
  word.charset = text.substr(2, i - 2);
  // RFC 2231 s.5: a language may follow the charset.
  word.charset = word.charset.substr(0, word.charset.find('*'));
  const std::size_t begin = i + 3;
  // "?Q?=C3" begins with an escape, it does not end there.
  const std::size_t end = text.find("?=", begin);
  word.is_closed = end != text.npos;
  word.text = text.substr(begin, word.is_closed ? end - begin : text.npos);
  word.size = word.is_closed ? end + 2 : text.size();
  return word;
}

class EncodedReader {
 public:
  explicit EncodedReader(std::string_view value) : value_(value) {}

  EncodedText Read() {
    while (at_ < value_.size()) {
      const std::size_t mark = std::min(value_.find("=?", at_), value_.size());
      const std::optional<Word> word =
          mark < value_.size() ? WordAt(value_.substr(mark)) : std::nullopt;
      const std::size_t plain = word || mark == value_.size() ? mark : mark + 2;
      TakePlain(value_.substr(at_, plain - at_), word.has_value());
      at_ = plain;
      if (word) TakeWord(*word);
    }
    Flush();
    return std::move(read_);
  }

 private:
  void Fault(std::string_view words) {
    if (read_.fault.empty()) read_.fault = words;
  }
  void Irregular(std::string_view words) {
    if (read_.irregularity.empty()) read_.irregularity = words;
  }

  // RFC 2047 s.6.2: white space between two encoded-words is not shown.
  void TakePlain(std::string_view plain, bool is_before_word) {
    if (plain.empty()) {
      if (is_before_word && follows_word_)
        Irregular("encoded-words that touch each other");
      return;
    }
    const bool is_gap = is_before_word && follows_word_ && Trim(plain).empty();
    if (is_gap) return;
    Flush();
    if (follows_word_ && !IsBlank(plain.front()) && plain.front() != ')')
      Irregular("text that touches an encoded-word");
    if (is_before_word && !IsBlank(plain.back()) && plain.back() != '(')
      Irregular("text that touches an encoded-word");
    read_.text += IsUtf8(plain) ? std::string(plain)
                                : ToUtf8(std::string(plain), "windows-1252");
    follows_word_ = false;
  }

  void TakeWord(const Word& word) {
    read_.has_words = true;
    if (!word.is_closed) Fault("an encoded-word without its end");
    if (word.size > kLongWord)
      Irregular("an encoded-word of " + std::to_string(word.size) + " octets");
    if (word.text.find_first_of(" \t") != word.text.npos)
      Irregular("a space inside an encoded-word");
    const std::string charset = ToLower(word.charset);
    if (charset != charset_) Flush();
    charset_ = charset;
    const std::string octets = Decode(word);
    if (!IsWhole(octets)) is_split_ = true;
    pending_ += octets;
    follows_word_ = true;
    at_ += word.size;
  }

  std::string Decode(const Word& word) {
    if (!word.is_base64) {
      CheckEscapes(word.text);
      std::string text(word.text);
      std::replace(text.begin(), text.end(), '_', ' ');
      return DecodeTransfer(text, "quoted-printable", kMaxEncodedBytes);
    }
    std::optional<std::string> octets = Base64Decode(word.text);
    if (!octets) {
      const std::size_t odd = word.text.size() % 4;
      octets = Base64Decode(std::string(word.text) +
                            std::string(odd == 0 ? 0 : 4 - odd, '='));
      if (octets) Irregular("base64 without its padding");
    }
    if (octets) return *octets;
    Fault("base64 that is broken");
    return DecodeTransfer(word.text, "base64", kMaxEncodedBytes);
  }

  void CheckEscapes(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEFabcdef";
    for (std::size_t i = text.find('='); i != text.npos;
         i = text.find('=', i + 1)) {
      const bool is_escape = i + 2 < text.size() &&
                             kDigits.find(text[i + 1]) != kDigits.npos &&
                             kDigits.find(text[i + 2]) != kDigits.npos;
      if (!is_escape) return Fault("a broken escape in an encoded-word");
    }
  }

  // Whether the octets are whole characters of the present charset.
  [[nodiscard]] bool IsWhole(const std::string& octets) const {
    if (charset_ != "utf-8" && charset_ != "utf8") return true;
    return IsUtf8(octets);
  }

  // What adjacent words of one charset have said together.
  void Flush() {
    if (pending_.empty()) return;
    if (!IsKnownCharset(charset_))
      Fault("charset " + EscapeForLog(charset_, 40));
    const std::string text = ToUtf8(pending_, charset_);
    const bool was_lost =
        Contains(text, kReplacement) && !Contains(pending_, kReplacement);
    if (was_lost)
      Fault("octets that are no " + EscapeForLog(charset_, 40));
    else if (is_split_)
      Irregular("a character split between encoded-words");
    read_.text += text;
    pending_.clear();
    is_split_ = false;
  }

  std::string_view value_;
  std::size_t at_ = 0;
  EncodedText read_;
  std::string charset_, pending_;  // of the encoded-words just before
  bool follows_word_ = false, is_split_ = false;
};

bool NeedsEncoding(std::string_view word) {
  return Contains(word, "=?") ||
         std::any_of(word.begin(), word.end(), [](char c) {
           const auto octet = static_cast<unsigned char>(c);
           return octet < ' ' || octet >= 0x7f;
         });
}

// Octets that stand for themselves in a phrase too (RFC 2047 s.5 (3)).
bool IsPlainQ(char c) {
  return IsAlnum(c) || std::string_view("!*+-/").find(c) != std::string::npos;
}

std::size_t CharacterAt(std::string_view utf8) {
  std::size_t i = 1;
  while (i < utf8.size() &&
         (static_cast<unsigned char>(utf8[i]) & 0xc0) == 0x80)
    ++i;
  return i;
}

std::string QuotedWord(std::string_view utf8) {
  std::string text;
  for (const char c : utf8) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == ' ') {
      text += '_';
    } else if (IsPlainQ(c)) {
      text += c;
    } else {
      text += '=';
      text += kHex[octet >> 4];
      text += kHex[octet & 15];
    }
  }
  return text;
}

// Encoded-words of whole characters with a space between them.
std::string EncodeRun(std::string_view utf8) {
  const std::size_t plain = static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(),
                    [](char c) { return IsPlainQ(c) || c == ' '; }));
  const bool is_base64 = utf8.size() > 2 * plain;
  const std::string_view begin = is_base64 ? "=?utf-8?B?" : "=?utf-8?Q?";
  const std::size_t room = kMaxWord - begin.size() - 2;
  std::string run;
  while (!utf8.empty()) {
    std::size_t taken = 0, used = 0;
    while (taken < utf8.size()) {
      const std::size_t next = CharacterAt(utf8.substr(taken));
      const std::size_t cost =
          is_base64 ? (taken + next + 2) / 3 * 4
                    : used + QuotedWord(utf8.substr(taken, next)).size();
      if (cost > room && taken > 0) break;
      used = cost;
      taken += next;
    }
    if (!run.empty()) run += ' ';
    run += begin;
    run += is_base64 ? Base64Encode(utf8.substr(0, taken))
                     : QuotedWord(utf8.substr(0, taken));
    run += "?=";
    utf8.remove_prefix(taken);
  }
  return run;
}

bool IsAtomText(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-/=?^_`{|}~ ";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlnum(c) || kMarks.find(c) != kMarks.npos;
  });
}

}  // namespace

EncodedText ReadEncodedText(std::string_view value) {
  return EncodedReader(value.substr(0, kMaxEncodedBytes)).Read();
}

std::string WriteEncodedText(std::string_view utf8) {
  const std::string text = IsUtf8(utf8)
                               ? std::string(utf8)
                               : ToUtf8(std::string(utf8), "windows-1252");
  std::size_t first = text.size(), last = 0, begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (NeedsEncoding(std::string_view(text).substr(begin, end - begin))) {
      first = std::min(first, begin);
      last = end;
    }
    begin = end + 1;
  }
  if (first >= last) return text;
  return text.substr(0, first) +
         EncodeRun(std::string_view(text).substr(first, last - first)) +
         text.substr(last);
}

std::string WriteEncodedPhrase(std::string_view utf8) {
  const std::string text = IsUtf8(utf8)
                               ? std::string(utf8)
                               : ToUtf8(std::string(utf8), "windows-1252");
  if (NeedsEncoding(text)) return EncodeRun(text);
  if (IsAtomText(text)) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace postern
