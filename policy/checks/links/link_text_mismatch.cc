// link-text-mismatch: text that reads as one site, a link that leads to
// another.
//
// Sites are compared by registrable domain. A link to the author's own site or
// declared tracking domain, or one whose text names the author's site, is click
// tracking and exempt. Where it is known where the link leads in the end (a
// mail gateway's or a redirector's URL says it, a shortener said it), that is
// what the text is held against.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/checks/links/text_mismatch.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (std::size_t i = 0; i < facts.links.size(); ++i)
    if (const auto mismatch = TextMismatchOf(facts, i))
      return FailsWith("text says " + mismatch->shown + ", link leads to " +
                       mismatch->host);
  return {};
}

}  // namespace

constinit const Check kLinkTextMismatch = {
    .id = "link-text-mismatch",
    .rules = "L05",
    .summary = "The visible text of a link names another site than its target.",
    .fix =
        "show the address the link leads to, or plain words; name a tracker of "
        "yours in links.tracking_domains",
    .cites =
        "Yahoo PH01; Gmail sender guidelines: visible, understandable links",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
