// The attributes of one start tag that the reader looks at.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

enum class HtmlAttribute : std::uint8_t {
  kHref,
  kXlinkHref,
  kSrc,
  kLowsrc,
  kDynsrc,
  kPoster,
  kData,
  kBackground,
  kSrcset,
  kAction,
  kFormaction,
  kStyle,
  kClass,
  kId,
  kHidden,
  kWidth,
  kHeight,
  kBgcolor,
  kColor,
  kAlt,
  kType,
  kHttpEquiv,
  kContent,
  kCount,
};

class HtmlAttributes {
 public:
  void Clear() { present_ = 0; }
  // The first of two attributes of one name counts (s.13.2.5.33).
  void Add(std::string_view name, std::string_view value);

  // True: it was longer, and is that long now.
  bool Shorten(HtmlAttribute attribute, std::size_t most_bytes) {
    if ((*this)[attribute].size() <= most_bytes) return false;
    auto& value = values_[static_cast<std::size_t>(attribute)];
    value = value.substr(0, most_bytes);
    return true;
  }

  [[nodiscard]] bool Has(HtmlAttribute attribute) const {
    return (present_ >> static_cast<unsigned>(attribute) & 1U) != 0;
  }
  // As written; empty when it is not there.
  [[nodiscard]] std::string_view operator[](HtmlAttribute attribute) const {
    return Has(attribute) ? values_[static_cast<std::size_t>(attribute)]
                          : std::string_view();
  }
  [[nodiscard]] bool is_empty() const { return present_ == 0; }

 private:
  static constexpr auto kCount =
      static_cast<std::size_t>(HtmlAttribute::kCount);
  std::array<std::string_view, kCount> values_;
  std::uint32_t present_ = 0;
};

// The value with its references read; NUL is U+FFFD.
[[nodiscard]] std::string ValueOf(std::string_view written);
// Likewise, as the address that browsers take it for.
[[nodiscard]] std::string UrlOf(std::string_view written);
// The addresses of srcset, as written (s.4.8.4.2.1).
[[nodiscard]] std::vector<std::string_view> UrlsOfSrcset(
    std::string_view srcset);
// The address in the content of <meta http-equiv=refresh>; empty: none.
[[nodiscard]] std::string_view UrlOfRefresh(std::string_view content);

}  // namespace postern
