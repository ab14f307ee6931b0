// PartText: what the text of one part says by itself, whoever sends it to
// whomever: a function of the text, its kind and the phrases looked for.
//
// Plain data, immutable once read, shared by the messages that repeat the part.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "policy/config/phrases.h"
#include "policy/message/html.h"
#include "policy/message/mime.h"

namespace postern {

struct PartText {
  enum class Kind : std::uint8_t {
    kHtml,
    kPlain,
    kOther,  // no text for readers: links alone
  };
  // How far phrases are looked for: in what HTML shows, in plain text.
  static constexpr std::size_t kMostSearched = 256 * 1024;

  Kind kind = Kind::kOther;
  HtmlFacts html;  // of other text than HTML: links and obfuscation alone
  // The phrases and brands that occur, as places in the list, in order.
  std::vector<std::size_t> phrases;
  std::size_t searched = 0;        // octets
  bool is_searched_whole = false;  // for phrases
  bool is_undecided = false;       // the search gave up

  bool operator==(const PartText&) const = default;
  // What it takes in memory, about.
  [[nodiscard]] std::size_t bytes() const;
};

[[nodiscard]] PartText::Kind KindOf(const MimePart& part);
// Whether phrases are looked for in it: HTML, and plain text that is not
// attached.
[[nodiscard]] bool HasWords(const MimePart& part);

// Phrases: null or not compiled: none are looked for. Thread-safe; never fails.
[[nodiscard]] PartText ReadPartText(PartText::Kind kind, std::string_view text,
                                    const PhraseList* phrases);

}  // namespace postern
