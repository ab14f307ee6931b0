// Base64 read strictly (RFC 2045 s.6.8): what a lenient decoder passes over.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

namespace postern {

struct Base64Scan {
  bool has_foreign = false;  // octets outside of the alphabet and white space
  bool is_cut = false;       // the last group is not whole
  bool has_more = false;     // something stands behind the padding
  [[nodiscard]] bool is_good() const {
    return !has_foreign && !is_cut && !has_more;
  }
};

[[nodiscard]] Base64Scan ScanBase64(std::string_view raw);

}  // namespace postern
