// HTML: its tokens, its facts beside gumbo's links, its style; and text links.
// What gumbo's tree has, ours has too, or says that it stopped. No octet costs
// more than its share.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/html.h"
#include "policy/message/html_tokenizer.h"
#include "tests/support/gumbo_links.h"

namespace postern {
namespace {

// True where no tag has two attributes of one name: gumbo 0.10 joins the name
// of the second to that of the next ("href" of "<a h h/ref=x>").
bool TestTokens(std::string_view html) {
  HtmlTokenizer tokens(html);
  std::size_t steps = 0, end = 0;
  std::set<std::string> names;
  bool are_single = true;
  for (HtmlStep step = tokens.Next(); step != HtmlStep::kEnd;
       step = tokens.Next()) {
    if (++steps > html.size() + 1 || tokens.end() < end) std::abort();
    end = tokens.end();
    if (step == HtmlStep::kStartTag) names.clear();
    if (step == HtmlStep::kAttribute)
      are_single &= names.insert(ToLower(tokens.name())).second;
  }
  if (tokens.end() != html.size()) std::abort();
  return are_single;
}

// Gumbo 0.10 counts the digits of "&#…;" past the end of its int.
bool HasLongReference(std::string_view html) {
  constexpr std::size_t kMostDigits = 8;
  for (std::size_t at = html.find("&#"); at != html.npos;
       at = html.find("&#", at + 1)) {
    const std::size_t digits = html.find_first_not_of(
        "0123456789abcdefABCDEF", at + 2 + (html.substr(at + 2, 1) == "x") +
                                      (html.substr(at + 2, 1) == "X"));
    if (std::min(digits, html.size()) - at > kMostDigits) return true;
  }
  return false;
}

void TestLinks(std::string_view html, bool may_compare) {
  const HtmlFacts facts = ReadHtml(html);
  std::set<std::string_view> ours;
  for (const Link& link : facts.links) {
    if (link.url.find_first_of("\t\r\n") != link.url.npos) std::abort();
    ours.insert(link.url);
  }
  // Each attribute's value at most once, its NULs as three octets.
  if (facts.bytes() > 64 * html.size() + 1024 * 1024) std::abort();
  // Gumbo 0.10 replaces control characters, which the standard keeps.
  const bool is_text = std::all_of(html.begin(), html.end(), [](char c) {
    return (c >= ' ' && c < '\x7f') || c == '\t' || c == '\n' || c == '\f';
  });
  if (!may_compare || facts.is_over_limit || !is_text || HasLongReference(html))
    return;
  const auto theirs = GumboLinks(html);
  if (!theirs) return;
  for (const std::string& url : *theirs)
    if (!ours.contains(url)) std::abort();
}

void TestOne(std::string_view html) {
  const bool are_single = TestTokens(html);
  TestLinks(html, are_single);
  (void)ParseStyle(html);
  (void)UrlsOfCss(html);
  StyleSheet sheet;
  sheet.Add(html);
  (void)sheet.StyleOf({html.substr(0, 10), html, html.substr(0, 5)});
  for (const Link& link : LinksOfText(html))
    if (link.host.empty()) std::abort();
  (void)HostShownByText(html);
}

}  // namespace
}  // namespace postern

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets,
                                      std::size_t size) {
  // A part's text is UTF-8 by then.
  postern::TestOne(
      postern::ToUtf8({reinterpret_cast<const char*>(octets), size}, ""));
  return 0;
}
