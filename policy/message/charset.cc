#include "policy/message/charset.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>

#include "policy/base/call_free.h"
#include "policy/base/text.h"

namespace postern {
namespace {

using Iconv =
    std::unique_ptr<std::remove_pointer_t<iconv_t>, CallFree<iconv_close>>;

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// Charsets whose octets below 0x80 are always ASCII.
bool IsAsciiBased(std::string_view charset) {
  constexpr std::array<std::string_view, 10> kPrefixes = {
      "utf-8",     "utf8",     "us-ascii",    "ascii", "ansi_x3.4-1968",
      "iso-8859-", "iso8859-", "windows-125", "cp125", "koi8-"};
  for (const std::string_view prefix : kPrefixes)
    if (StartsWithIgnoreCase(charset, prefix)) return true;
  return charset.empty();
}

bool IsUtf8Charset(std::string_view charset) {
  return charset.empty() || EqualsIgnoreCase(charset, "utf-8") ||
         EqualsIgnoreCase(charset, "utf8") ||
         EqualsIgnoreCase(charset, "us-ascii") ||
         EqualsIgnoreCase(charset, "ascii") ||
         EqualsIgnoreCase(charset, "ansi_x3.4-1968");
}

// How many octets at the front are ASCII; whole words, so perhaps a few less.
std::size_t AsciiAtFront(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, 8);
    if ((word & 0x8080808080808080u) != 0) break;
  }
  return i;
}

// The length of the UTF-8 sequence at the front; 0: none (RFC 3629 s.4).
std::size_t SequenceAt(std::string_view text) {
  const auto octet = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xc2 && first <= 0xdf   ? 2
                             : (first & 0xf0) == 0xe0         ? 3
                             : first >= 0xf0 && first <= 0xf4 ? 4
                                                              : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  if (first == 0xe0 && octet(1) < 0xa0) return 0;
  if (first == 0xed && octet(1) > 0x9f) return 0;
  if (first == 0xf0 && octet(1) < 0x90) return 0;
  if (first == 0xf4 && octet(1) > 0x8f) return 0;
  return length;
}

std::string WithValidUtf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size() + 16);
  while (!text.empty()) {
    const std::size_t ascii = AsciiAtFront(text);
    const std::size_t length = ascii > 0 ? ascii : SequenceAt(text);
    valid += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

// iconv's own signature has the input not const; it does not write there.
std::string Convert(iconv_t converter, std::string_view octets) {
  std::string text;
  std::array<char, 8192> chunk{};
  char* in = const_cast<char*>(octets.data());
  std::size_t in_left = octets.size();
  while (in_left > 0) {
    char* out = chunk.data();
    std::size_t out_left = chunk.size();
    const std::size_t status =
        ::iconv(converter, &in, &in_left, &out, &out_left);
    const int failed = errno;
    text.append(chunk.data(), chunk.size() - out_left);
    if (status != static_cast<std::size_t>(-1) || failed == E2BIG) continue;
    text += kReplacement;
    if (in_left == 0 || failed != EILSEQ) break;  // EINVAL: cut short
    ++in;
    --in_left;
  }
  return text;
}

}  // namespace

bool IsAscii(std::string_view text) {
  text.remove_prefix(AsciiAtFront(text));
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0x80) == 0;
  });
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t ascii = AsciiAtFront(text);
    const std::size_t length = ascii > 0 ? ascii : SequenceAt(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool IsKnownCharset(std::string_view charset) {
  constexpr std::array<std::string_view, 23> kOthers = {
      "utf-16",      "utf-16le",       "utf-16be",  "utf-32",      "utf-7",
      "euc-jp",      "shift_jis",      "shift-jis", "iso-2022-jp", "euc-kr",
      "iso-2022-kr", "ks_c_5601-1987", "gb2312",    "gbk",         "gb18030",
      "big5",        "big5-hkscs",     "tis-620",   "windows-874", "cp850",
      "cp852",       "macintosh",      "hz-gb-2312"};
  if (charset.size() > 32) return false;
  for (const std::string_view other : kOthers)
    if (EqualsIgnoreCase(charset, other)) return true;
  return !charset.empty() && IsAsciiBased(charset);
}

std::string ToUtf8(std::string octets, std::string_view charset) {
  const bool is_known = IsKnownCharset(charset);
  if ((!is_known || IsAsciiBased(charset)) && IsAscii(octets)) return octets;
  if (!is_known || IsUtf8Charset(charset))
    return IsUtf8(octets) ? octets : WithValidUtf8(octets);
  // Names that glibc does not have under this spelling.
  const std::string name = EqualsIgnoreCase(charset, "ks_c_5601-1987") ? "cp949"
                           : EqualsIgnoreCase(charset, "hz-gb-2312")
                               ? "gbk"
                               : std::string(charset);
  const iconv_t opened = ::iconv_open("UTF-8", name.c_str());
  if (opened == reinterpret_cast<iconv_t>(-1)) return WithValidUtf8(octets);
  const Iconv converter(opened);
  // glibc's UTF-8 goes beyond U+10FFFF, under a name that is not quite UTF-8.
  std::string text = Convert(converter.get(), octets);
  return IsUtf8(text) ? text : WithValidUtf8(text);
}

}  // namespace postern
