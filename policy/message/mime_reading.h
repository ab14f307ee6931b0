// MimeReading: what GMime is given to read: the MIME fields of the message, and
// the body without the inside of its runs of Base64, in which it would find
// nothing. Places in it are told as places in the body. Borrows its octets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "policy/message/base64_runs.h"

namespace postern {

class MimeReading {
 public:
  MimeReading(std::string_view fields, std::string_view body,
              std::span<const Base64Run> runs);

  [[nodiscard]] std::size_t size() const { return size_; }
  // Octets from there on, not always all of them; none only at the end.
  [[nodiscard]] std::string_view From(std::size_t at) const;
  // nullopt: it is in the fields, or behind the end.
  [[nodiscard]] std::optional<std::size_t> PlaceInBody(std::size_t at) const;

 private:
  struct Piece {
    std::size_t at = 0;     // here
    std::size_t place = 0;  // in the body
    std::string_view octets;
  };
  [[nodiscard]] const Piece& PieceAt(std::size_t at) const;
  void Add(std::size_t place, std::string_view octets);

  std::vector<Piece> pieces_;  // the fields first
  std::size_t size_ = 0;
};

}  // namespace postern
