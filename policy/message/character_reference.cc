#include "policy/message/character_reference.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr unsigned long kNoCharacter = 0xfffd;

struct NamedReference {
  std::string_view name;  // with its semicolon, if it has one
  std::string_view text;
};
constexpr NamedReference kNames[] = {
#include "policy/message/character_reference_names.inc"
};
constexpr std::size_t kMaxName = 32;  // CounterClockwiseContourIntegral;
// Names that need no semicolon have two to six letters.
constexpr std::size_t kMinLegacy = 2, kMaxLegacy = 6;

// The names that begin with the same two characters stand together: where.
class NameIndex {
 public:
  constexpr NameIndex() {
    std::size_t at = 0;
    for (std::size_t key = 0; key + 1 < begins_.size(); ++key) {
      begins_[key] = static_cast<std::uint16_t>(at);
      while (at < std::size(kNames) && KeyOf(kNames[at].name) == key) ++at;
    }
    begins_.back() = static_cast<std::uint16_t>(at);
  }

  [[nodiscard]] const NamedReference* Find(std::string_view name) const {
    const std::size_t key = KeyOf(name);
    const NamedReference* const begin = kNames + begins_[key];
    const NamedReference* const end = kNames + begins_[key + 1];
    const NamedReference* const found = std::find_if(
        begin, end, [name](const NamedReference& n) { return n.name == name; });
    return found == end ? nullptr : found;
  }

 private:
  // In the order of the names: upper case before lower case.
  static constexpr std::size_t Place(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<std::size_t>(c - 'A') + 1;
    if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a') + 27;
    return 0;
  }
  static constexpr std::size_t KeyOf(std::string_view name) {
    return Place(name[0]) * 53 + Place(name[1]);
  }
  std::array<std::uint16_t, 53 * 53 + 1> begins_{};
};
constexpr NameIndex kIndex;

// 0x80-0x9f mean windows-1252 (WHATWG HTML s.13.2.5.84).
constexpr std::array<unsigned long, 32> kWindows1252 = {
    0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
    0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

struct Reference {
  std::size_t taken = 0;  // 0: not a reference
  std::string text;
};

int DigitValue(char c, int base) {
  const char lower = ToLower(c);
  if (IsDigit(c)) return c - '0';
  return base == 16 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// At "&#".
Reference NumericAt(std::string_view text) {
  std::size_t i = 2;
  const bool is_hex = i < text.size() && ToLower(text[i]) == 'x';
  if (is_hex) ++i;
  const std::size_t begin = i;
  unsigned long value = 0;
  for (; i < text.size(); ++i) {
    const int digit = DigitValue(text[i], is_hex ? 16 : 10);
    if (digit < 0) break;
    value = std::min(value * (is_hex ? 16 : 10) + digit, 0x110000ul);
  }
  if (i == begin) return {};
  if (i < text.size() && text[i] == ';') ++i;
  if (value >= 0x80 && value < 0xa0) value = kWindows1252[value - 0x80];
  return {i, Utf8Of(value)};
}

// s.13.2.5.73: the longest name that stands there.
Reference NamedAt(std::string_view text, ReferencePlace place) {
  std::size_t end = 1;
  while (end < text.size() && end <= kMaxName && IsAlnum(text[end])) ++end;
  if (end <= kMinLegacy) return {};
  if (end < text.size() && text[end] == ';')
    if (const NamedReference* named = kIndex.Find(text.substr(1, end)))
      return {end + 1, std::string(named->text)};
  for (std::size_t size = std::min(end - 1, kMaxLegacy); size >= kMinLegacy;
       --size) {
    const NamedReference* named = kIndex.Find(text.substr(1, size));
    if (named == nullptr) continue;
    // In attributes "&copy=1" stays what it is: a parameter.
    const char next = size + 1 < text.size() ? text[size + 1] : ' ';
    if (place == ReferencePlace::kAttribute && (next == '=' || IsAlnum(next)))
      return {};
    return {size + 1, std::string(named->text)};
  }
  return {};
}

}  // namespace

std::string Utf8Of(unsigned long code_point) {
  const bool is_surrogate = code_point >= 0xd800 && code_point < 0xe000;
  if (code_point == 0 || code_point > 0x10ffff || is_surrogate)
    code_point = kNoCharacter;
  if (code_point < 0x80) return {static_cast<char>(code_point)};
  const int tails = code_point < 0x800 ? 1 : code_point < 0x10000 ? 2 : 3;
  const unsigned long marks[] = {0, 0xc0, 0xe0, 0xf0};
  std::string text;
  text += static_cast<char>(marks[tails] | (code_point >> (6 * tails)));
  for (int i = tails - 1; i >= 0; --i)
    text += static_cast<char>(0x80 | ((code_point >> (6 * i)) & 0x3f));
  return text;
}

std::string DecodeReferences(std::string_view html, ReferencePlace place) {
  std::string text;
  text.reserve(html.size());
  while (!html.empty()) {
    const std::size_t plain = std::min(html.find('&'), html.size());
    text += html.substr(0, plain);
    html.remove_prefix(plain);
    if (html.empty()) break;
    const Reference reference =
        html.starts_with("&#") ? NumericAt(html) : NamedAt(html, place);
    if (reference.taken == 0) text += '&';
    text += reference.text;
    html.remove_prefix(std::max<std::size_t>(reference.taken, 1));
  }
  return text;
}

}  // namespace postern
