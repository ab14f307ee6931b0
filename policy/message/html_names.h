// HtmlName: the name of an element or attribute as one number, so that a switch
// tells them apart. ASCII case does not count.
//
// Up to eight octets are the number itself; longer ones are known by a list;
// every other name is 0. No two known names share a number.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace postern {

using HtmlName = std::uint64_t;

constexpr HtmlName NameOf(std::string_view name) {
  constexpr std::array<std::string_view, 10> kLong = {
      "blockquote", "plaintext",  "foreignobject", "annotation-xml",
      "background", "formaction", "xlink:href",    "http-equiv",
      "figcaption", "v:imagedata"};
  const auto lower = [](char c) -> char {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  };
  if (name.size() <= 8) {
    HtmlName number = 0;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (name[i] == '\0') return 0;
      number |= HtmlName{static_cast<unsigned char>(lower(name[i]))} << (8 * i);
    }
    return number;
  }
  for (std::size_t i = 0; i < kLong.size(); ++i) {
    if (kLong[i].size() != name.size()) continue;
    std::size_t same = 0;
    while (same < name.size() && lower(name[same]) == kLong[i][same]) ++same;
    // The lowest octet of a short name is never 0.
    if (same == name.size()) return (i + 1) << 8;
  }
  return 0;
}

// Of a name that the source gives: made while compiling, never while reading.
consteval HtmlName KnownName(std::string_view name) { return NameOf(name); }

// What the reader must know of an element.
struct ElementTraits {
  bool is_void = false;       // has no end tag
  bool is_block = false;      // parts lines
  bool leaves_svg = false;    // cannot stand in SVG or MathML (s.13.2.6.5)
  bool is_svg_html = false;   // in SVG: its content is HTML again
  bool is_math_html = false;  // in MathML: the same
};
[[nodiscard]] ElementTraits TraitsOf(HtmlName element);

}  // namespace postern
