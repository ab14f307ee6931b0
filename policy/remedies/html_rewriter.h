// HTML written anew token by token: what is not asked for stays octet for
// octet.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "policy/facts/facts.h"

namespace postern {

// What becomes of what; what has no function stays. Addresses are as browsers
// read them, what is written in their place is escaped.
struct HtmlWishes {
  // Of an address that is followed, sent to or fetched; nullopt: it stays; "":
  // the attribute goes.
  std::function<std::optional<std::string>(const std::string& url)> address =
      {};
  // Of the visible text of a link to that address; nullopt: it stays.
  std::function<std::optional<std::string>(const std::string& url,
                                           const std::string& text)>
      link_text = {};
  // Of visible text outside of links, as it is written, references and all.
  std::function<std::string(std::string_view text)> text = {};
  // Text that style hides, but for a preheader.
  bool removes_hidden_text = false;
  // Scripts, frames, embedded objects, refreshes, the base, and the marks of
  // forms, what stands in them stays; attributes that run scripts.
  bool removes_active_content = false;
};

// The text as it is where only the tree could tell which of two readings holds
// (SVG, MathML, <select> around scripts or styles). Linear; never fails.
[[nodiscard]] std::string RewriteHtml(std::string_view html,
                                      const HtmlWishes& wishes);

// Likewise, of one part; as it is in a charset in which a "<" may be a part of
// another character.
[[nodiscard]] std::string RewritePart(const MimePart& part,
                                      std::string_view html,
                                      const HtmlWishes& wishes);
// Of all HTML parts (text_parts.h). True: some part changed.
[[nodiscard]] bool RewriteHtmlParts(const Facts& facts,
                                    const HtmlWishes& wishes, Message* message);

}  // namespace postern
