// Base64 read strictly (RFC 2045 s.6.8): what a lenient decoder passes over.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "policy/message/base64_runs.h"

namespace postern {

struct Base64Scan {
  bool has_foreign = false;  // octets outside of the alphabet and white space
  bool is_cut = false;       // the last group is not whole
  bool has_more = false;     // something stands behind the padding
  [[nodiscard]] bool is_good() const {
    return !has_foreign && !is_cut && !has_more;
  }
};

// Of the body from begin to end; the runs are the body's, if they are known.
[[nodiscard]] Base64Scan ScanBase64(std::string_view body, std::size_t begin,
                                    std::size_t end,
                                    std::span<const Base64Run> runs = {});
[[nodiscard]] inline Base64Scan ScanBase64(std::string_view raw) {
  return ScanBase64(raw, 0, raw.size());
}

}  // namespace postern
