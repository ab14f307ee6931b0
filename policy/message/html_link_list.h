// HtmlLinkList: the links of one HTML part in the making.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/links.h"

namespace postern {

class HtmlLinkList {
 public:
  // The tag at that place of the text leads to that address, decoded.
  void Add(std::size_t place, std::string url, LinkOrigin origin);
  // The visible text of a link that was added.
  void SetText(std::size_t index, std::string_view text);
  // The first <base href> counts.
  void SetBase(std::string_view url);

  [[nodiscard]] std::size_t size() const { return links_.size(); }
  [[nodiscard]] bool is_full() const;
  // Adds what another reading of the same text found elsewhere.
  void Merge(HtmlLinkList other);
  // Finds the hosts; ends the list.
  [[nodiscard]] std::vector<Link> Take();

 private:
  std::vector<Link> links_;
  std::vector<std::size_t> places_;  // of links_, in their order
  UrlHost base_;
  bool has_base_ = false;
};

}  // namespace postern
