// HtmlFacts: what one HTML part leads to, shows and hides.
//
// Read once, by the tokenizer of the WHATWG standard without its tree:
// malformed markup is read as browsers read it, in linear time. Where only the
// tree could tell which of two readings holds (SVG, <select>), links of both
// are found. Plain data, immutable once read; it refers to nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/html_style.h"
#include "policy/message/links.h"
#include "policy/message/visible_text.h"

namespace postern {

struct HiddenText {
  // How much a preheader may have: what previews show behind the subject.
  static constexpr std::size_t kPreheader = 200;

  // Characters that a reader would see were they not hidden: before the first
  // visible word (a preheader stands there), and after it.
  std::size_t before = 0, after = 0;
  HiddenBy how = HiddenBy::kNothing;  // the first of those that count
  std::string sample;                 // its beginning
  bool operator==(const HiddenText&) const = default;
};

struct HtmlFacts {
  static constexpr std::size_t kMaxLinks = 10'000;
  static constexpr std::size_t kMaxSteps = 200'000;  // tags, attributes, texts
  static constexpr std::size_t kMaxTextBytes = 512 * 1024;

  std::vector<Link> links;  // in order; those written out in text come last
  std::string text;         // visible, white space folded, blocks on lines
  HiddenText hidden;
  std::size_t images = 0;  // without those of one or two pixels
  std::size_t images_with_alt = 0;
  std::size_t scripts = 0;
  std::size_t frames = 0;   // iframe, frame
  std::size_t objects = 0;  // object, embed, applet
  std::size_t forms = 0;
  std::size_t refreshes = 0;  // meta http-equiv=refresh
  std::size_t bases = 0;      // base href
  Obfuscation obfuscation;
  std::size_t steps = 0;       // that reading took
  bool is_over_limit = false;  // the rest was not read
  bool operator==(const HtmlFacts&) const = default;

  // What it takes in memory, about.
  [[nodiscard]] std::size_t bytes() const;
};

// Thread-safe; never fails. UTF-8 is expected, other octets do no harm.
[[nodiscard]] HtmlFacts ReadHtml(std::string_view html);

}  // namespace postern
