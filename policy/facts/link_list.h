// LinkList: the links of one message, shared with what they were read from.
//
// A value; copies share the links, which never change. Belongs to one thread at
// a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "policy/message/links.h"

namespace postern {

class LinkList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Link;
    using difference_type = std::ptrdiff_t;
    using pointer = const Link*;
    using reference = const Link&;

    Iterator() = default;
    explicit Iterator(const Link* const* at) : at_(at) {}
    const Link& operator*() const { return **at_; }
    const Link* operator->() const { return *at_; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) { return Iterator(at_++); }
    bool operator==(const Iterator& other) const = default;

   private:
    const Link* const* at_ = nullptr;
  };

  // The first of them, so many at most; null: none.
  void Share(const std::shared_ptr<const std::vector<Link>>& links,
             std::size_t most) {
    if (links == nullptr || links->empty() || most == 0) return;
    for (std::size_t i = 0; i < std::min(most, links->size()); ++i)
      links_.push_back(&(*links)[i]);
    owners_.push_back(links);
  }
  void Add(Link link) {
    auto owned = std::make_shared<const Link>(std::move(link));
    links_.push_back(owned.get());
    owners_.push_back(std::move(owned));
  }

  [[nodiscard]] std::size_t size() const { return links_.size(); }
  [[nodiscard]] bool empty() const { return links_.empty(); }
  [[nodiscard]] const Link& operator[](std::size_t i) const {
    return *links_[i];
  }
  [[nodiscard]] Iterator begin() const { return Iterator(links_.data()); }
  [[nodiscard]] Iterator end() const {
    return Iterator(links_.data() + links_.size());
  }

 private:
  std::vector<const Link*> links_;
  std::vector<std::shared_ptr<const void>> owners_;
};

}  // namespace postern
