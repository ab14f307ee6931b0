#include "policy/message/visible_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "policy/base/text.h"
#include "policy/message/charset.h"

namespace postern {
namespace {

constexpr std::size_t kMaxSampleBytes = 60;
// A word with that many soft hyphens for its letters was not hyphenated.
constexpr std::size_t kLettersPerHyphen = 2;

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

struct CodePoint {
  char32_t value = 0xfffd;
  std::size_t size = 1;
};
// The character at the beginning of text, which is not empty.
CodePoint FirstOf(std::string_view text) {
  const auto octet = [text](std::size_t i) -> char32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const char32_t first = octet(0);
  if (first < 0x80) return {first, 1};
  const std::size_t size = first < 0xc2   ? 1
                           : first < 0xe0 ? 2
                           : first < 0xf0 ? 3
                                          : 4;
  char32_t value = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xc0) != 0x80) return {};
    value = (value << 6) | (octet(i) & 0x3f);
  }
  return size == 1 ? CodePoint{} : CodePoint{value, size};
}

enum class Kind {
  kOther,
  kSpace,
  kLatin,
  kLookalike,
  kLetter,
  kSoftHyphen,
  kNoWidth,
  kOverride,
};

// Cyrillic and Greek have letters that look like Latin ones.
Kind KindOf(char32_t c) {
  if (c < 0x80) {
    if (IsAlpha(static_cast<char>(c))) return Kind::kLatin;
    return IsSpace(static_cast<char>(c)) ? Kind::kSpace : Kind::kOther;
  }
  if (c == 0xa0 || c == 0x2007 || c == 0x202f || c == 0x3000 ||
      (c >= 0x2000 && c <= 0x200a))
    return Kind::kSpace;
  if (c == 0xad) return Kind::kSoftHyphen;
  if (c >= 0xc0 && c <= 0x24f) return Kind::kLatin;
  if (c == 0x34f) return Kind::kNoWidth;
  if ((c >= 0x370 && c <= 0x3ff) || (c >= 0x400 && c <= 0x52f))
    return Kind::kLookalike;
  if (c == 0x202d || c == 0x202e) return Kind::kOverride;
  if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2060 && c <= 0x2064) ||
      c == 0xfeff || c == 0x180e || c == 0x115f || c == 0x1160 || c == 0x3164)
    return Kind::kNoWidth;
  if (c >= 0x1e00 && c <= 0x1eff) return Kind::kLatin;
  return c >= 0x530 && c < 0x2000 ? Kind::kLetter : Kind::kOther;
}

// One word in the making.
struct Word {
  std::size_t begin = 0, latin = 0, lookalikes = 0, others = 0;
  std::size_t soft_hyphens = 0, splits = 0;
  bool may_split = false;  // something of no width follows a Latin letter
  bool has_override = false;

  void Take(Kind kind) {
    if (kind == Kind::kLatin && may_split) ++splits;
    may_split = (may_split || latin > 0) && kind == Kind::kNoWidth;
    latin += kind == Kind::kLatin ? 1 : 0;
    lookalikes += kind == Kind::kLookalike ? 1 : 0;
    others += kind == Kind::kLetter ? 1 : 0;
    soft_hyphens += kind == Kind::kSoftHyphen ? 1 : 0;
    has_override |= kind == Kind::kOverride;
  }
  [[nodiscard]] bool is_split() const {
    return others == 0 &&
           (splits > 0 ||
            (soft_hyphens > 1 && latin < soft_hyphens * kLettersPerHyphen + 2));
  }
  // "µm", "Ω" and a lone letter are units and names.
  [[nodiscard]] bool is_mixed() const {
    return latin > 0 && lookalikes > 0 && latin + lookalikes > 3;
  }
};

void EndWord(const Word& word, std::string_view text, Obfuscation* found) {
  if (word.latin + word.lookalikes + word.others == 0 && !word.has_override)
    return;
  ++found->words;
  found->split += word.is_split() ? 1 : 0;
  found->mixed += word.is_mixed() ? 1 : 0;
  found->overridden += word.has_override ? 1 : 0;
  const bool is_odd = word.is_split() || word.is_mixed() || word.has_override;
  if (is_odd && found->sample.empty())
    found->sample = text.substr(0, kMaxSampleBytes);
}

}  // namespace

void FoldedText::Add(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (IsSpace(text[at])) {
      Space();
      ++at;
      continue;
    }
    if (text.substr(at, 2) == "\xc2\xa0") {
      Space();
      at += 2;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && !IsSpace(text[end]) && text[end] != '\xc2')
      ++end;
    if (pending_ != '\0' && !text_.empty()) text_ += pending_;
    pending_ = '\0';
    text_.append(text, at, end - at);
    at = end;
  }
}

std::size_t CountShown(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    const CodePoint c = FirstOf(text);
    const Kind kind = KindOf(c.value);
    const bool is_seen = kind != Kind::kSpace && kind != Kind::kNoWidth &&
                         kind != Kind::kSoftHyphen && c.value > ' ';
    count += is_seen ? 1 : 0;
    text.remove_prefix(std::min(c.size, text.size()));
  }
  return count;
}

void Obfuscation::Add(const Obfuscation& other) {
  words += other.words;
  split += other.split;
  mixed += other.mixed;
  overridden += other.overridden;
  if (sample.empty()) sample = other.sample;
}

Obfuscation ObfuscationOf(std::string_view text) {
  Obfuscation found;
  if (IsAscii(text)) return found;
  Word word;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = FirstOf(text.substr(at));
    const Kind kind = KindOf(c.value);
    const bool is_end = kind == Kind::kSpace || kind == Kind::kOther;
    if (is_end) {
      EndWord(word, text.substr(word.begin, at - word.begin), &found);
      word = {.begin = at + c.size};
    } else {
      word.Take(kind);
    }
    at += c.size;
  }
  EndWord(word, text.substr(std::min(word.begin, text.size())), &found);
  return found;
}

}  // namespace postern
