// Style sheets: their simple rules, and the addresses in them.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "policy/base/text.h"
#include "policy/message/character_reference.h"
#include "policy/message/css_text.h"
#include "policy/message/html_style.h"

namespace postern {
namespace {

constexpr std::size_t kMaxUrls = 1000;
constexpr std::size_t kMaxClasses = 16;  // of one element
constexpr std::size_t kMaxNameBytes = 100;
constexpr std::size_t kLookupCost = 6;

bool IsNameOctet(char c) {
  return IsAlnum(c) || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) > 127;
}

bool IsCssSpace(char c) {
  return IsBlank(c) || c == '\n' || c == '\r' || c == '\f';
}

// The escaped character at a backslash (CSS Syntax 3 s.4.3.7), and its size.
std::size_t TakeEscape(std::string_view css, std::string* text) {
  std::size_t end = 1;
  unsigned long value = 0;
  for (; end < css.size() && end <= 6; ++end) {
    const char c = ToLower(css[end]);
    const bool is_letter = c >= 'a' && c <= 'f';
    if (!IsDigit(c) && !is_letter) break;
    value = value * 16 +
            static_cast<unsigned long>(is_letter ? c - 'a' + 10 : c - '0');
  }
  if (end > 1) {
    *text += Utf8Of(value);
    return end < css.size() && IsCssSpace(css[end]) ? end + 1 : end;
  }
  if (end == css.size()) return end;
  if (css[end] != '\n') *text += css[end];  // an escaped line end is nothing
  return end + 1;
}

std::size_t FindEither(std::string_view css, char a, char b, std::size_t from) {
  const auto at =
      std::find_if(css.begin() + static_cast<std::ptrdiff_t>(from), css.end(),
                   [a, b](char c) { return c == a || c == b; });
  return at == css.end() ? css.npos
                         : static_cast<std::size_t>(at - css.begin());
}

// Where the block that begins at an open brace ends: its closing brace.
std::size_t BlockEnd(std::string_view css, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < css.size(); ++at) {
    at = FindEither(css, '{', '}', at);
    if (at == css.npos) break;
    depth += css[at] == '{' ? 1 : -1;
    if (depth == 0) return at;
  }
  return css.size();
}

std::string Key(std::string_view selector) {
  std::string key(selector);
  const std::size_t tag_end = std::min(key.find_first_of(".#"), key.size());
  for (std::size_t i = 0; i < tag_end; ++i) key[i] = ToLower(key[i]);
  return key;
}

// "td", ".a", "#a", "td.a", "*": nothing that depends on other elements.
bool IsSimple(std::string_view selector) {
  if (selector.empty() || selector.size() > kMaxNameBytes) return false;
  std::size_t marks = 0;
  for (const char c : selector) {
    if (c == '.' || c == '#')
      ++marks;
    else if (!IsNameOctet(c))
      return false;
  }
  return marks <= 1;
}

std::string_view FirstWord(std::string_view* words) {
  const auto begin = std::find_if_not(words->begin(), words->end(), IsCssSpace);
  const auto end = std::find_if(begin, words->end(), IsCssSpace);
  const std::string_view word(begin, end);
  *words = std::string_view(end, words->end());
  return word;
}

// The address in "url( ... )" or in quotes, at its first octet.
std::string CssUrlAt(std::string_view css, char quote) {
  std::string url;
  std::size_t at = 0;
  while (at < css.size()) {
    const char c = css[at];
    const bool is_end =
        quote != '\0' ? c == quote || c == '\n' : c == ')' || IsCssSpace(c);
    if (is_end) break;
    if (c == '\\') {
      at += TakeEscape(css.substr(at), &url);
    } else {
      url += c;
      ++at;
    }
  }
  return url;
}

}  // namespace

bool IsPlainCss(std::string_view css) {
  return css.find('\\') == css.npos && css.find("/*") == css.npos;
}

std::string WithoutCssTricks(std::string_view css) {
  std::string text;
  while (!css.empty()) {
    const std::size_t plain = std::min(css.find_first_of("\\/"), css.size());
    text += css.substr(0, plain);
    css.remove_prefix(plain);
    std::size_t taken = 1;
    if (css.starts_with('\\')) {
      taken = TakeEscape(css, &text);
    } else if (css.starts_with("/*")) {
      taken = css.find("*/", 2);
      taken = taken == css.npos ? css.size() : taken + 2;
    } else if (!css.empty()) {
      text += '/';
    }
    css.remove_prefix(std::min(taken, css.size()));
  }
  return text;
}

void StyleSheet::Add(std::string_view css) {
  const std::string plain = IsPlainCss(css) ? "" : WithoutCssTricks(css);
  if (!plain.empty()) css = plain;
  bool is_conditional = false;
  std::size_t condition_end = 0;
  std::size_t at = 0;
  while (selectors_left_ > 0) {
    const std::size_t open = FindEither(css, '{', '}', at);
    if (open == css.npos) return;
    if (open > condition_end) is_conditional = false;
    std::string_view selectors = Trim(css.substr(at, open - at));
    // "@import x;" and the like end before the selector begins.
    selectors = Trim(selectors.substr(selectors.rfind(';') + 1));
    if (selectors.starts_with("<!--")) selectors = Trim(selectors.substr(4));
    at = open + 1;
    if (css[open] == '}') continue;
    if (selectors.starts_with('@')) {
      const bool has_rules = StartsWithIgnoreCase(selectors, "@media") ||
                             StartsWithIgnoreCase(selectors, "@supports");
      const std::size_t end =
          open < condition_end ? condition_end : BlockEnd(css, open);
      if (has_rules) {
        is_conditional = true;
        condition_end = end;
      } else {
        at = std::max(end, at);
      }
      continue;
    }
    const std::size_t close = std::min(css.find('}', at), css.size());
    AddRule(selectors, css.substr(at, close - at), is_conditional);
    at = close;
  }
}

void StyleSheet::AddRule(std::string_view selectors,
                         std::string_view declarations, bool is_conditional) {
  const Style style = ParseStyle(declarations);
  if (style == Style()) return;
  while (!selectors.empty() && selectors_left_ > 0) {
    const std::size_t end = std::min(selectors.find(','), selectors.size());
    AddSelector(Trim(selectors.substr(0, end)), style, is_conditional);
    selectors.remove_prefix(std::min(end + 1, selectors.size()));
  }
}

void StyleSheet::AddSelector(std::string_view selector, const Style& style,
                             bool is_conditional) {
  if (--selectors_left_ == 0) has_unread_background_ = true;
  if (!IsSimple(selector)) {
    // Whom it concerns is not known. What it shows last is shown to somebody.
    if (style.background) has_unread_background_ = true;
    const std::size_t mark = selector.find_last_of(".#");
    if (mark == selector.npos) return;
    selector = selector.substr(mark);
    is_conditional = true;
    if (!IsSimple(selector)) return;
  }
  const std::string key = Key(selector);
  if (!is_conditional) return rules_[key].Overlay(style);
  if (style.background) has_unread_background_ = true;
  const std::size_t mark = key.find_first_of(".#");
  if (mark != key.npos && style.is_displayed.value_or(true))
    shown_somewhere_.insert(key.substr(mark));
}

void StyleSheet::Overlay(std::string_view kind, std::string_view name,
                         std::string_view tag, Style* style) {
  if (lookups_left_ < kLookupCost || name.size() > kMaxNameBytes) return;
  lookups_left_ -= kLookupCost;
  key_.assign(kind).append(name);
  Style found;
  if (const auto rule = rules_.find(key_); rule != rules_.end())
    found = rule->second;
  const bool is_shown = shown_somewhere_.contains(key_);
  key_.insert(0, tag);
  if (const auto rule = rules_.find(key_); rule != rules_.end())
    found.Overlay(rule->second);
  style->Overlay(found);
  // Shown on some screens: not hidden from the reader.
  if (is_shown) style->is_displayed = true;
}

Style StyleSheet::StyleOf(const Element& element) {
  Style style;
  if (rules_.empty() || lookups_left_ < kLookupCost ||
      element.tag.size() > kMaxNameBytes)
    return style;
  const std::string tag = ToLower(element.tag);
  Overlay("", tag, "", &style);
  std::string_view classes = element.classes;
  for (std::size_t i = 0; i < kMaxClasses; ++i) {
    const std::string_view name = FirstWord(&classes);
    if (name.empty()) break;
    Overlay(".", name, tag, &style);
  }
  if (!element.id.empty()) Overlay("#", element.id, tag, &style);
  return style;
}

std::vector<std::string> UrlsOfCss(std::string_view css) {
  std::vector<std::string> urls;
  const std::string plain = IsPlainCss(css) ? "" : WithoutCssTricks(css);
  if (!plain.empty()) css = plain;
  std::size_t at = 0;
  while (urls.size() < kMaxUrls) {
    at = FindEither(css, '(', '@', at);
    if (at == css.npos) break;
    const bool is_import = StartsWithIgnoreCase(css.substr(at), "@import");
    const bool is_url =
        css[at] == '(' && EndsWithIgnoreCase(css.substr(0, at), "url");
    at += is_import ? 7 : 1;
    if (!is_import && !is_url) continue;
    while (at < css.size() && IsCssSpace(css[at])) ++at;
    if (at == css.size()) break;
    const bool is_quoted = css[at] == '"' || css[at] == '\'';
    if (!is_quoted && is_import) continue;  // "@import url(x)": next time
    std::string url = CssUrlAt(css.substr(at + (is_quoted ? 1 : 0)),
                               is_quoted ? css[at] : '\0');
    at += url.size();
    if (!url.empty()) urls.push_back(std::move(url));
  }
  return urls;
}

}  // namespace postern
