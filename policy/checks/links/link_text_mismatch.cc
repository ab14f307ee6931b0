// link-text-mismatch: text that reads as one site, a link that leads to
// another.
//
// Sites are compared by registrable domain. A link to the author's own site, or
// one whose text names it, is click tracking and exempt.

#include <string>

#include "policy/base/public_suffix.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
};

std::string Site(const std::string& host) {
  const std::optional<Domain> domain = Domain::Parse(host);
  if (!domain) return host;
  return RegistrableDomain(*domain).value_or(*domain).text();
}

bool IsAuthors(const Facts& facts, const std::string& host) {
  return facts.author_domain && Site(host) == Site(facts.author_domain->text());
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const Link& link : facts.links) {
    if (link.host.empty() || link.text.empty()) continue;
    const std::string shown = HostShownByText(link.text);
    if (shown.empty() || Site(shown) == Site(link.host)) continue;
    if (IsAuthors(facts, link.host) || IsAuthors(facts, shown)) continue;
    return FailsWith("text says " + shown + ", link leads to " + link.host);
  }
  return {};
}

}  // namespace

constinit const Check kLinkTextMismatch = {
    .id = "link-text-mismatch",
    .rules = "L05",
    .summary = "The visible text of a link names another site than its target.",
    .cites =
        "Yahoo PH01; Gmail sender guidelines: visible, understandable links",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
