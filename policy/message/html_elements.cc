#include "policy/message/html_elements.h"

namespace postern {
namespace {

constexpr std::size_t kMaxDepth = 512;
constexpr std::size_t kMaxSearch = 100;

std::size_t BucketOf(HtmlName name) {
  return (name * 0x9e3779b97f4a7c15U) >> 58;
}

bool IsCell(HtmlName name) {
  return name == KnownName("td") || name == KnownName("th");
}

}  // namespace

OpenElements::OpenElements() {
  open_.reserve(64);
  open_.emplace_back();
}

void OpenElements::Pop() {
  --counts_[BucketOf(open_.back().name)];
  if (open_.back().space != Space::kHtml) --foreign_;
  open_.pop_back();
}

// End tags that may be left out (s.13.1.2.4), and what leaves SVG (s.13.2.6.5).
void OpenElements::MakeRoomFor(HtmlName element, const ElementTraits& traits) {
  if (is_foreign()) {
    while (traits.leaves_svg && is_foreign()) Pop();
    return;
  }
  if (!traits.is_block && !IsCell(element)) return;
  if (IsOnTop(KnownName("p")) && traits.leaves_svg && !traits.is_void) Pop();
  if (IsOnTop(element) &&
      (element == KnownName("li") || element == KnownName("dd") ||
       element == KnownName("dt") || element == KnownName("option")))
    return Pop();
  const bool is_row = element == KnownName("tr");
  if ((is_row || IsCell(element)) &&
      (IsOnTop(KnownName("td")) || IsOnTop(KnownName("th"))))
    Pop();
  if (is_row && IsOnTop(KnownName("tr"))) Pop();
}

void OpenElements::Open(HtmlName element, const ElementTraits& traits,
                        const Look& look) {
  if (open_.size() >= kMaxDepth) return;
  const Space around = open_.back().space;
  Space space = Space::kHtml;
  if (around == Space::kSvg)
    space = traits.is_svg_html ? Space::kHtmlInForeign : Space::kSvg;
  else if (around == Space::kMath)
    space = traits.is_math_html ? Space::kHtmlInForeign : Space::kMath;
  else if (element == KnownName("svg"))
    space = Space::kSvg;
  else if (element == KnownName("math"))
    space = Space::kMath;
  ++counts_[BucketOf(element)];
  if (space != Space::kHtml) ++foreign_;
  open_.push_back({element, look, look.hidden_by(), space});
}

std::size_t OpenElements::Close(HtmlName element) {
  if (counts_[BucketOf(element)] == 0) return 0;
  const std::size_t top = open_.size() - 1;
  std::size_t at = top;
  const std::size_t stop = at > kMaxSearch ? at - kMaxSearch : 0;
  for (; at > stop; --at) {
    if (open_[at].name == element) break;
    // HTML inside SVG ends nothing around it.
    if (open_[at].space == Space::kHtmlInForeign && at + 1 < open_.size())
      return top - at;
  }
  if (at == stop) return top - at;
  while (open_.size() > at) Pop();
  return top - at;
}

}  // namespace postern
