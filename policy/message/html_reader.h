// HtmlReader: one walk over the tokens of an HTML part; ReadHtml's machinery.
//
// Borrows the text. Belongs to one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policy/message/html.h"
#include "policy/message/html_attributes.h"
#include "policy/message/html_elements.h"
#include "policy/message/html_link_list.h"
#include "policy/message/html_names.h"
#include "policy/message/html_style.h"
#include "policy/message/html_tokenizer.h"
#include "policy/message/visible_text.h"

namespace postern {

class HtmlReader {
 public:
  // Where only a tree would know: what is most probable, or the opposite.
  enum class Reading { kLikely, kOther };
  HtmlReader(Reading reading, std::size_t most_steps)
      : reading_(reading), steps_left_(most_steps) {}

  void Read(std::string_view html);
  [[nodiscard]] std::size_t steps_left() const { return steps_left_; }
  // Another reading may find other links.
  [[nodiscard]] bool has_doubt() const { return has_doubt_; }
  void Merge(HtmlReader other);
  // Ends the reader.
  [[nodiscard]] HtmlFacts TakeFacts();

 private:
  struct OpenLink {
    std::size_t index = 0;
    // Where its text begins in visible_, hidden_, comment_.
    std::array<std::size_t, 3> begins{};
  };

  void Walk(std::string_view html, std::size_t offset);
  // For what takes as long as so many steps.
  void Charge(std::size_t steps) {
    steps_left_ -= std::min(steps, steps_left_);
  }
  void OnText(const HtmlTokenizer& tokens);
  void OnStartTag(std::size_t place, HtmlTokenizer* tokens);
  void OnEndTag(std::string_view name);
  void OnComment(std::string_view text, std::size_t offset);

  void ShowText(std::string_view text, bool has_references);
  void Hide(std::string_view text, HiddenBy how);
  void ReadStyleElement(std::string_view css);
  void Count(HtmlName element);
  void Part(HtmlName element, const ElementTraits& traits);
  void OpenElement(HtmlName element, const ElementTraits& traits);
  [[nodiscard]] Style StyleOfTag();
  [[nodiscard]] const Style& InlineStyle(std::string_view text);
  void EnterContent(HtmlName element, HtmlTokenizer* tokens);

  void AddLinks(HtmlName element, std::size_t place);
  void AddHref(HtmlName element, std::size_t place);
  void AddSources(HtmlName element, std::size_t place);
  void AddCss(std::string_view css, std::size_t place);
  void Add(HtmlAttribute attribute, LinkOrigin origin, std::size_t place);
  void AddLink(std::size_t place, std::string url, LinkOrigin origin);
  void CloseLink();
  [[nodiscard]] std::array<std::size_t, 3> Sizes() const;
  void AddWrittenOut();

  Reading reading_;
  HtmlFacts facts_;
  HtmlLinkList links_;
  std::optional<OpenLink> open_link_;
  // Of visible_: the text of links.
  std::vector<std::pair<std::size_t, std::size_t>> link_texts_;

  OpenElements elements_;
  StyleSheet sheet_;
  FoldedText visible_, hidden_, comment_;

  std::string_view tag_;
  HtmlAttributes attributes_;
  HtmlName raw_element_ = 0;  // whose content the next text is
  bool is_in_comment_ = false;
  bool is_in_select_ = false;
  bool may_mislead_ = false;  // SVG, MathML or <select> was seen
  bool has_doubt_ = false;
  std::size_t steps_left_;
  std::size_t text_left_ = HtmlFacts::kMaxTextBytes;

  struct Remembered {
    std::string_view text;
    Style style;
  };
  std::array<Remembered, 32> styles_;  // most style attributes come again
};

}  // namespace postern
