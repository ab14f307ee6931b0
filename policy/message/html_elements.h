// OpenElements: what stands open around the reader's place, without a tree.
//
// As near to the standard's stack of open elements (s.13.2.4.2) as two
// questions need: how does text look here, and is this SVG or MathML? Bounded:
// elements deeper than 512 count as their parent, as browsers have it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "policy/message/html_names.h"
#include "policy/message/html_style.h"

namespace postern {

class OpenElements {
 public:
  OpenElements();

  // Before a start tag: ends what it ends by itself.
  void MakeRoomFor(HtmlName element, const ElementTraits& traits);
  void Open(HtmlName element, const ElementTraits& traits, const Look& look);
  // How many open elements were looked at for it.
  std::size_t Close(HtmlName element);

  [[nodiscard]] const Look& look() const { return open_.back().look; }
  [[nodiscard]] HiddenBy hidden_by() const { return open_.back().hidden_by; }
  // The content here is SVG's or MathML's own.
  [[nodiscard]] bool is_foreign() const {
    return open_.back().space == Space::kSvg ||
           open_.back().space == Space::kMath;
  }
  // SVG or MathML is open somewhere around it.
  [[nodiscard]] bool is_within_foreign() const { return foreign_ > 0; }
  // The element itself is SVG's or MathML's, whatever its content is.
  [[nodiscard]] bool is_foreign_itself() const {
    return open_.back().space != Space::kHtml;
  }

 private:
  enum class Space : std::uint8_t {
    kHtml,
    kSvg,
    kMath,
    kHtmlInForeign,  // a foreign element that holds HTML
  };
  struct Element {
    HtmlName name = 0;
    Look look;
    HiddenBy hidden_by = HiddenBy::kNothing;
    Space space = Space::kHtml;
  };

  void Pop();
  [[nodiscard]] bool IsOnTop(HtmlName element) const {
    return open_.back().name == element;
  }

  std::vector<Element> open_;  // the first is the page itself
  std::size_t foreign_ = 0;    // how many of them are SVG's or MathML's
  // How many open names fall into each bucket: an end tag that closes nothing
  // is told without a search.
  std::array<std::uint16_t, 64> counts_{};
};

}  // namespace postern
