// html-hidden-text: text that is there for filters and not for readers.
//
// A preheader (hidden text before the first visible word, up to 200 characters)
// is custom and exempt; so is what responsive mail hides on some screens only,
// and the short marks that ticket systems leave.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::size_t kLeast = 100;  // characters; a mark or two has fewer

std::vector<Verdict> Run(const Facts& facts) {
  std::size_t characters = 0;
  const HiddenText* first = nullptr;
  bool is_over_limit = false;
  for (const auto& html : facts.html) {
    const HiddenText& hidden = html->hidden;
    characters += hidden.after;
    if (hidden.before > HiddenText::kPreheader) characters += hidden.before;
    if (first == nullptr && hidden.how != HiddenBy::kNothing) first = &hidden;
    is_over_limit |= html->is_over_limit;
  }
  if (first != nullptr && characters >= kLeast)
    return FailsWith(std::to_string(characters) + " characters, by " +
                     std::string(ToString(first->how)) + ": \"" +
                     EscapeForLog(first->sample, 60) + "\"");
  if (is_over_limit) return UnknownFor("HTML over limit");
  return {};
}

}  // namespace

constinit const Check kHtmlHiddenText = {
    .id = "html-hidden-text",
    .rules = "C02",
    .summary = "The HTML hides text from the reader.",
    .fix =
        "delete the hidden text from the template; only a preheader of up to "
        "200 characters is customary",
    .cites = "Gmail sender guidelines: do not use HTML and CSS to hide content",
    .level = Level::kShould,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
