#include "policy/facts/spf_macro.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// "%{" letter digits "r" delimiters "}", or one of %% %_ %-.
struct Macro {
  char letter = 0;       // '%', '_', '-' for the three literals
  std::size_t keep = 0;  // rightmost parts; 0: all
  bool is_reversed = false;
  std::string_view delimiters = ".";
  std::size_t length = 0;  // as written
};

constexpr std::size_t kManyParts = 1000;  // more than a name has

bool IsMacroLetter(char c, SpfMacroUse use) {
  const char letter = ToLower(c);
  return Contains("slodiphv", {&letter, 1}) ||
         (use == SpfMacroUse::kExplanation && Contains("crt", {&letter, 1}));
}

// The number of parts to keep; nullopt for an explicit zero.
std::optional<std::size_t> TakeDigits(std::string_view& rest) {
  std::size_t keep = 0;
  bool is_given = false;
  while (!rest.empty() && IsDigit(rest.front())) {
    keep = std::min(keep * 10 + static_cast<std::size_t>(rest.front() - '0'),
                    kManyParts);
    is_given = true;
    rest.remove_prefix(1);
  }
  if (is_given && keep == 0) return std::nullopt;  // RFC 7208 s.7.3
  return keep;
}

// The macro at the front of the text, which begins with "%".
std::optional<Macro> ParseMacro(std::string_view text, SpfMacroUse use) {
  if (text.size() < 2) return std::nullopt;
  if (Contains("%_-", text.substr(1, 1)))
    return Macro{text[1], 0, false, ".", 2};
  if (text[1] != '{' || text.size() < 4) return std::nullopt;
  Macro macro{.letter = text[2]};
  if (!IsMacroLetter(macro.letter, use)) return std::nullopt;
  std::string_view rest = text.substr(3);
  const auto keep = TakeDigits(rest);
  if (!keep) return std::nullopt;
  macro.keep = *keep;
  macro.is_reversed = !rest.empty() && ToLower(rest.front()) == 'r';
  if (macro.is_reversed) rest.remove_prefix(1);
  const std::size_t end = rest.find_first_not_of(".-+,/_=");
  if (end == std::string_view::npos || rest[end] != '}') return std::nullopt;
  if (end > 0) macro.delimiters = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  macro.length = text.size() - rest.size();
  return macro;
}

bool IsLiteral(char c, SpfMacroUse use) {
  return (c > 0x20 && c < 0x7f) ||
         (use == SpfMacroUse::kExplanation && c == ' ');
}

// RFC 7208 s.7.1: a top label has a letter or a hyphen, and no hyphen at an
// end.
bool IsTopLabel(std::string_view label) {
  const auto is_allowed = [](char c) { return IsAlnum(c) || c == '-'; };
  return !label.empty() && std::ranges::all_of(label, is_allowed) &&
         !std::ranges::all_of(label, IsDigit) && label.front() != '-' &&
         label.back() != '-';
}

// "1.0.0.2" for IPv4, "2.0.0.1.0.D…" (nibbles) for IPv6.
std::string DottedAddress(const IpAddress& address) {
  if (address.family() == IpAddress::Family::kV4) return address.ToString();
  std::vector<std::string> nibbles;
  for (const char c : address.octets()) {
    const auto octet = static_cast<unsigned char>(c);
    nibbles.push_back(fmt::format("{:X}.{:X}", octet >> 4, octet & 15));
  }
  return Join(nibbles, ".");
}

std::string ValueOf(char letter, const SpfMacroValues& values) {
  switch (ToLower(letter)) {
    case 's':
      return values.local_part + "@" + values.sender_domain;
    case 'l':
      return values.local_part;
    case 'o':
      return values.sender_domain;
    case 'd':
      return values.domain;
    case 'h':
      return values.helo_name;
    case 'p':
      return values.validated_name ? values.validated_name() : "unknown";
    case 'v':
      return values.address.family() == IpAddress::Family::kV4 ? "in-addr"
                                                               : "ip6";
    case 'i':
      return DottedAddress(values.address);
    case 'c':
      return values.address.ToString();
    case 'r':
      return values.receiver_name;
    case 't':
      return std::to_string(values.now_seconds);
    default:
      return "";
  }
}

std::string Rearrange(const std::string& value, const Macro& macro) {
  std::vector<std::string> parts(1);
  for (const char c : value) {
    if (Contains(macro.delimiters, {&c, 1})) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (macro.is_reversed) std::ranges::reverse(parts);
  const std::size_t keep = macro.keep == 0 ? parts.size() : macro.keep;
  const std::size_t dropped = parts.size() - std::min(keep, parts.size());
  return Join(std::span(parts).subspan(dropped), ".");
}

// RFC 7208 s.7.3: an upper-case letter asks for URL escaping (RFC 3986 s.2.3).
std::string UrlEscape(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (IsAlnum(c) || Contains("-._~", {&c, 1})) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

std::string Expand(const Macro& macro, const SpfMacroValues& values) {
  if (macro.letter == '%') return "%";
  if (macro.letter == '_') return " ";
  if (macro.letter == '-') return "%20";
  const std::string value = Rearrange(ValueOf(macro.letter, values), macro);
  return macro.letter == ToLower(macro.letter) ? value : UrlEscape(value);
}

}  // namespace

bool IsSpfMacroString(std::string_view text, SpfMacroUse use) {
  while (!text.empty()) {
    std::size_t length = 1;
    if (text.front() == '%') {
      const auto macro = ParseMacro(text, use);
      if (!macro) return false;
      length = macro->length;
    } else if (!IsLiteral(text.front(), use)) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

bool IsSpfDomainSpec(std::string_view text) {
  constexpr auto kUse = SpfMacroUse::kDomainSpec;
  if (text.empty() || !IsSpfMacroString(text, kUse)) return false;
  std::string_view tail = text;  // after the last macro
  for (std::size_t at = tail.find('%'); at != std::string_view::npos;
       at = tail.find('%'))
    tail.remove_prefix(at + ParseMacro(tail.substr(at), kUse)->length);
  if (tail.empty()) return true;
  if (tail.ends_with('.')) tail.remove_suffix(1);
  const std::size_t dot = tail.rfind('.');
  return dot != std::string_view::npos && IsTopLabel(tail.substr(dot + 1));
}

std::string ExpandSpfMacros(std::string_view text,
                            const SpfMacroValues& values) {
  std::string expanded;
  while (!text.empty()) {
    const std::size_t percent = std::min(text.find('%'), text.size());
    expanded += text.substr(0, percent);
    text.remove_prefix(percent);
    if (text.empty()) break;
    const auto macro = ParseMacro(text, SpfMacroUse::kExplanation);
    if (!macro) break;
    expanded += Expand(*macro, values);
    text.remove_prefix(macro->length);
  }
  return expanded;
}

}  // namespace postern
