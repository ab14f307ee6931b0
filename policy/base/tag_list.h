// Tag lists: "name=value; name=value", the syntax that DKIM signatures, DKIM
// key records and DMARC records share (RFC 6376 s.3.2).
//
// Read as strictly as the RFC writes it: a tag that occurs twice, an octet that
// is neither printable ASCII nor white space, or an empty tag refuse the whole
// list. Line breaks count as white space: folds need not be removed before.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "policy/base/result.h"

namespace postern {

struct Tag {
  std::string_view name;   // case counts
  std::string_view value;  // without outer white space; may be empty
};

class TagList {
 public:
  static constexpr std::size_t kMaxTags = 100;

  // Borrows the text.
  [[nodiscard]] static Result<TagList> Parse(std::string_view text);

  [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }
  [[nodiscard]] std::optional<std::string_view> Find(
      std::string_view name) const;

 private:
  std::vector<Tag> tags_;
};

}  // namespace postern
