// MimeOutline: the parts of a body as its own lines tell them.
//
// A second reader beside GMime (mime.h), strict where that one is kind: what
// the two see differently, two receivers would. Bounded: the limits below; what
// is beyond them is not read. Views refer to the body.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/header.h"

namespace postern {

// A Content-Type, or what stands in its place (RFC 2045 s.5.1).
struct ContentType {
  std::string type = "text/plain";  // lower case
  std::string boundary;
  bool is_readable = true;           // type/subtype
  bool has_second_boundary = false;  // another one than the first
};
[[nodiscard]] ContentType ReadContentType(std::string_view value);

// Whether such a part is a whole message, with a header of its own.
[[nodiscard]] bool IsMessageType(std::string_view type);

struct OutlinePart {
  ContentType content_type;
  std::string encoding;  // lower case; empty: none
  std::size_t depth = 0;
  bool has_conflict = false;  // two Content-Type or encodings that differ
  // A multipart with a boundary, or a message that is not encoded.
  bool is_container = false;
  bool repeats_boundary = false;           // that of a multipart around it
  bool is_met = false, is_closed = false;  // its boundary
};

struct MimeOutline {
  static constexpr std::size_t kMaxParts = 2000;
  static constexpr std::size_t kMaxDepth = 200;
  static constexpr std::size_t kMaxBoundaryLines = 10'000;

  std::vector<OutlinePart> parts;  // in order, each container before its parts
  bool is_over_limit = false;      // what follows was not read

  [[nodiscard]] std::size_t CountLeaves() const;
};

[[nodiscard]] MimeOutline ReadOutline(const Header& header,
                                      std::string_view body);

}  // namespace postern
