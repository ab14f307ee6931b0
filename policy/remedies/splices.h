// Splices: pieces of a text that are to become others.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

class Splices {
 public:
  // What stands there becomes this text.
  void Add(std::size_t begin, std::size_t end, std::string text);

  // The text with all of them; of two that overlap, the one that begins first.
  [[nodiscard]] std::string Apply(std::string_view text);

 private:
  struct Splice {
    std::size_t begin = 0, end = 0;
    std::string text;
  };
  std::vector<Splice> splices_;
};

}  // namespace postern
