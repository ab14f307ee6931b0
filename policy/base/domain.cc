#include "policy/base/domain.h"

#include <algorithm>

#include "policy/base/idn.h"
#include "policy/base/text.h"

namespace postern {
namespace {

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= 63 &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return IsAlnum(c) || c == '-' || c == '_'; });
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 128;
  });
}

}  // namespace

std::optional<Domain> Domain::Parse(std::string_view text) {
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty() || text.size() > 1000) return std::nullopt;
  std::string name = ToLower(text);
  if (!IsAscii(name)) {
    std::optional<std::string> converted = ToALabels(name);
    if (!converted) return std::nullopt;
    name = ToLower(*converted);
  }
  if (name.size() > 253) return std::nullopt;
  if (!IsEachPiece(name, '.', IsLabel)) return std::nullopt;
  return Domain(std::move(name));
}

std::vector<std::string_view> Domain::Labels() const {
  return Split(text_, '.');
}

std::optional<Domain> Domain::Parent() const {
  const std::size_t dot = text_.find('.');
  if (dot == std::string::npos) return std::nullopt;
  return Domain(text_.substr(dot + 1));
}

bool Domain::IsWithin(const Domain& ancestor) const {
  if (text_.size() == ancestor.text_.size()) return text_ == ancestor.text_;
  return text_.ends_with(ancestor.text_) &&
         text_[text_.size() - ancestor.text_.size() - 1] == '.';
}

}  // namespace postern
