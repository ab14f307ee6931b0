#include "policy/remedies/replacements.h"

#include <algorithm>

#include "policy/base/text.h"
#include "policy/remedies/text_parts.h"

namespace postern {
namespace {

// What may stand within a URL, so that the URL goes on there.
bool GoesOn(std::string_view rest) {
  if (rest.empty()) return false;
  if (IsAlnum(rest[0]) || Contains("/_~%?#=&+@:$-", rest.substr(0, 1)))
    return true;
  return Contains(".,;!*", rest.substr(0, 1)) && rest.size() > 1 &&
         IsAlnum(rest[1]);
}

// No part of a longer URL or name.
bool StandsAlone(std::string_view text, std::size_t at, std::size_t size) {
  const char before = at == 0 ? ' ' : text[at - 1];
  return !IsAlnum(before) && !Contains("./-_@%=", {&before, 1}) &&
         !GoesOn(text.substr(at + size));
}

void ReplaceAll(const std::string& from, const std::string& to,
                std::string* text) {
  if (from.empty() || !Contains(*text, from)) return;
  std::string changed;
  std::size_t copied = 0;
  for (std::size_t at = text->find(from); at != text->npos;
       at = text->find(from, at + from.size())) {
    if (!StandsAlone(*text, at, from.size())) continue;
    changed.append(*text, copied, at - copied);
    changed += to;
    copied = at + from.size();
  }
  changed.append(*text, copied);
  *text = std::move(changed);
}

}  // namespace

void SortReplacements(Replacements* replacements) {
  std::ranges::sort(*replacements, [](const auto& a, const auto& b) {
    return a.first.size() != b.first.size() ? a.first.size() > b.first.size()
                                            : a < b;
  });
  replacements->erase(std::ranges::unique(*replacements).begin(),
                      replacements->end());
}

std::string Replaced(std::string text, const Replacements& wanted,
                     Markup markup) {
  const bool is_html = markup == Markup::kHtml;
  for (const auto& [from, to] : wanted) {
    if (is_html) ReplaceAll(HtmlEscaped(from), HtmlEscaped(to), &text);
    ReplaceAll(from, is_html ? HtmlEscaped(to) : to, &text);
  }
  return text;
}

bool IsPlainUrl(std::string_view url) {
  return std::ranges::all_of(url, [](char c) {
    return c > ' ' && c < 0x7f && !Contains("<>\"`{}|^\\", {&c, 1});
  });
}

}  // namespace postern
