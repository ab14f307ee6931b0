#include "policy/message/character_reference.h"

#include <algorithm>
#include <array>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr unsigned long kNoCharacter = 0xfffd;

struct NamedReference {
  std::string_view name;
  unsigned long code_point;
  bool needs_semicolon;
};

// Legacy names first need no semicolon.
constexpr NamedReference kNames[] = {
    {"AMP", '&', false},
    {"amp", '&', false},
    {"LT", '<', false},
    {"lt", '<', false},
    {"GT", '>', false},
    {"gt", '>', false},
    {"QUOT", '"', false},
    {"quot", '"', false},
    {"nbsp", 0xa0, false},
    {"shy", 0xad, false},
    {"copy", 0xa9, false},
    {"reg", 0xae, false},
    {"auml", 0xe4, false},
    {"ouml", 0xf6, false},
    {"uuml", 0xfc, false},
    {"Auml", 0xc4, false},
    {"Ouml", 0xd6, false},
    {"Uuml", 0xdc, false},
    {"szlig", 0xdf, false},
    {"eacute", 0xe9, false},
    {"egrave", 0xe8, false},
    {"agrave", 0xe0, false},
    {"ccedil", 0xe7, false},
    {"ntilde", 0xf1, false},
    {"middot", 0xb7, false},
    {"laquo", 0xab, false},
    {"raquo", 0xbb, false},
    {"apos", '\'', true},
    {"colon", ':', true},
    {"sol", '/', true},
    {"bsol", '\\', true},
    {"period", '.', true},
    {"commat", '@', true},
    {"num", '#', true},
    {"Tab", '\t', true},
    {"NewLine", '\n', true},
    {"quest", '?', true},
    {"equals", '=', true},
    {"excl", '!', true},
    {"percnt", '%', true},
    {"lowbar", '_', true},
    {"UnderBar", '_', true},
    {"dollar", '$', true},
    {"comma", ',', true},
    {"semi", ';', true},
    {"ast", '*', true},
    {"plus", '+', true},
    {"lpar", '(', true},
    {"rpar", ')', true},
    {"lsqb", '[', true},
    {"lbrack", '[', true},
    {"rsqb", ']', true},
    {"rbrack", ']', true},
    {"lcub", '{', true},
    {"lbrace", '{', true},
    {"rcub", '}', true},
    {"rbrace", '}', true},
    {"verbar", '|', true},
    {"vert", '|', true},
    {"Hat", '^', true},
    {"grave", '`', true},
    {"hyphen", 0x2010, true},
    {"dash", 0x2010, true},
    {"ndash", 0x2013, true},
    {"mdash", 0x2014, true},
    {"hellip", 0x2026, true},
    {"rsquo", 0x2019, true},
    {"lsquo", 0x2018, true},
    {"rdquo", 0x201d, true},
    {"ldquo", 0x201c, true},
    {"euro", 0x20ac, true},
    {"bull", 0x2022, true},
    {"rarr", 0x2192, true},
    {"rsaquo", 0x203a, true},
    {"zwnj", 0x200c, true},
    {"zwj", 0x200d, true},
    {"ZeroWidthSpace", 0x200b, true},
    {"ensp", 0x2002, true},
    {"emsp", 0x2003, true},
    {"thinsp", 0x2009, true},
};
constexpr std::size_t kMaxName = 14;

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

Reference NamedAt(std::string_view text, ReferencePlace place) {
  const std::string_view rest = text.substr(1, kMaxName + 1);
  for (const NamedReference& named : kNames) {
    if (!rest.starts_with(named.name)) continue;
    const std::size_t end = 1 + named.name.size();
    const char next = end < text.size() ? text[end] : ' ';
    if (next == ';') return {end + 1, Utf8Of(named.code_point)};
    // In attributes "&copy=1" stays what it is: a parameter.
    const bool is_parameter =
        place == ReferencePlace::kAttribute && (next == '=' || IsAlnum(next));
    if (named.needs_semicolon || is_parameter) continue;
    return {end, Utf8Of(named.code_point)};
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
