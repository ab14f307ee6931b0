// Domain: a host or mail domain name in its one comparable form.
//
// Lower-case, A-labels (RFC 5890), no trailing dot, 1-253 octets, labels of
// 1-63 octets. Underscores are allowed: DNS owner names have them. A Domain is
// a value; it says nothing of whether the name exists.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace postern {

class Domain {
 public:
  // U-labels are converted (UTS 46, nontransitional). nullopt: not a name.
  [[nodiscard]] static std::optional<Domain> Parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<std::string_view> Labels() const;
  // Without the first label; nullopt for a single label.
  [[nodiscard]] std::optional<Domain> Parent() const;
  // Its last octets, which must begin with a label.
  [[nodiscard]] Domain Tail(std::size_t octets) const {
    return Domain(text_.substr(text_.size() - octets));
  }
  // True for the same name and for every name below it.
  [[nodiscard]] bool IsWithin(const Domain& ancestor) const;

  auto operator<=>(const Domain&) const = default;

 private:
  explicit Domain(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace postern
