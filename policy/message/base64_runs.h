// Base64Runs: where a body is nothing but lines of Base64.
//
// Most of a message with attachments is that. What stands in such lines is
// known at once (no boundary, no field, no blank, no 8-bit octet, no line end
// but their own), so that the readers of the body need not look again.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace postern {

// Whole lines of one length, whole groups of the alphabet without padding, each
// ended by CRLF.
struct Base64Run {
  std::size_t begin = 0, end = 0;  // in the body
  std::size_t stride = 0;          // octets of a line with its CRLF
};

// In order. Those of less than 8 KB are not worth it and left out.
using Base64Runs = std::vector<Base64Run>;
[[nodiscard]] Base64Runs FindBase64Runs(std::string_view body);

}  // namespace postern
