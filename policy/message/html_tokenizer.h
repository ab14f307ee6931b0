// HtmlTokenizer: HTML as its tokens, by WHATWG HTML s.13.2.5, without a tree.
//
// Pulls one step at a time out of text that stays where it is: names, values
// and text are views into it, as written (DecodeReferences reads references).
// A start tag is a step, each of its attributes one more, kTagEnd the last;
// where the input ends inside a tag there is no kTagEnd, and the tag never was.
// Of two attributes of one name the first counts: that is left to the reader.
//
// Time is linear, memory none. Belongs to one thread; never fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/message/html_names.h"

namespace postern {

enum class HtmlStep {
  kText,       // text()
  kStartTag,   // name()
  kAttribute,  // name(), text() is its value
  kTagEnd,     // is_self_closing()
  kEndTag,     // name()
  kComment,    // text(); a bogus one too, and what stands in "<? >"
  kDoctype,    // text()
  kEnd,
};

// What an element's content is (s.13.2.5.1-5): which marks count in it.
enum class HtmlContent {
  kData,
  kRcdata,   // references and the end tag
  kRawtext,  // the end tag
  kScript,   // the end tag, unless "<!-- <script" hides it
  kPlaintext,
};
// Which elements have content of a kind of its own (s.13.2.5.1-5, 13.2.6.4).
// <noscript> is markup: no mail reader runs scripts.
[[nodiscard]] HtmlContent ContentOf(HtmlName element);

class HtmlTokenizer {
 public:
  explicit HtmlTokenizer(std::string_view html) : html_(html) {}

  // Moves to the next step.
  [[nodiscard]] HtmlStep Next();

  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  // False for text in which "&amp;" is five characters.
  [[nodiscard]] bool has_references() const { return has_references_; }
  [[nodiscard]] bool is_self_closing() const { return is_self_closing_; }
  // Where the token begins and the next one will.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return at_; }

  // What follows is of that kind, up to the end tag of that name. To be said
  // after kTagEnd: only who knows the tree can know.
  void Enter(HtmlContent content, std::string_view name) {
    content_ = content;
    raw_name_ = name;
  }
  // "<![CDATA[" counts in SVG and MathML only.
  void AllowCdata(bool is_allowed) { is_cdata_allowed_ = is_allowed; }

 private:
  HtmlStep Text(std::size_t end, bool has_references);
  HtmlStep RawText();
  HtmlStep Markup();
  HtmlStep Declaration();
  HtmlStep Comment(std::size_t text_begin);
  HtmlStep BogusComment(std::size_t text_begin);
  HtmlStep Cdata();
  HtmlStep EndTag();
  HtmlStep InTag();
  HtmlStep Attribute();
  HtmlStep End();
  void AttributeValue();
  [[nodiscard]] bool OpensMarkup(std::size_t at) const;
  [[nodiscard]] std::size_t RawEnd() const;
  [[nodiscard]] std::size_t ScriptEnd() const;
  [[nodiscard]] bool IsTagName(std::size_t at, std::string_view name) const;
  [[nodiscard]] char At(std::size_t at) const {
    return at < html_.size() ? html_[at] : '\0';
  }
  void SkipSpace();

  std::string_view html_;
  std::size_t at_ = 0, begin_ = 0;
  std::string_view name_, text_, raw_name_;
  HtmlContent content_ = HtmlContent::kData;
  bool is_in_tag_ = false;
  bool is_cdata_allowed_ = false;
  bool has_references_ = false;
  bool is_self_closing_ = false;
};

}  // namespace postern
