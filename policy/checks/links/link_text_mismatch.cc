// link-text-mismatch: text that reads as one site, a link that leads to
// another.
//
// Sites are compared by registrable domain. A link to the author's own site or
// declared tracking domain, or one whose text names the author's site, is click
// tracking and exempt. Where it is known where the link leads in the end (a
// mail gateway's or a redirector's URL says it, a shortener said it), that is
// what the text is held against.

#include <string>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::string Site(const std::string& host) {
  const std::optional<Domain> domain = Domain::Parse(host);
  if (!domain) return host;
  return RegistrableDomain(*domain).value_or(*domain).text();
}

bool IsAuthors(const Facts& facts, const std::string& host) {
  return facts.author_domain && Site(host) == Site(facts.author_domain->text());
}

const std::string& FinalHost(const Facts& facts, std::size_t index) {
  const std::string* host = &facts.links[index].host;
  for (const LinkTarget& target : facts.linking.targets)
    if (target.link == index && !target.host.empty()) host = &target.host;
  return *host;
}

// A short link that is shown as it is written deceives nobody by its text.
bool ShowsItself(const Facts& facts, const Link& link,
                 const std::string& shown) {
  return shown == link.host &&
         facts.config->link_hosts->ClassOf(shown) == HostClass::kShortener;
}

std::vector<Verdict> Run(const Facts& facts) {
  for (std::size_t i = 0; i < facts.links.size(); ++i) {
    const Link& link = facts.links[i];
    if (link.host.empty() || !Contains(link.text, ".")) continue;
    const std::string shown = HostShownByText(link.text);
    if (shown.empty() || ShowsItself(facts, link, shown)) continue;
    const LinkHost* known = facts.linking.Find(link.host);
    if (known != nullptr && known->is_own) continue;
    const std::string& host = FinalHost(facts, i);
    if (Site(shown) == Site(host)) continue;
    if (IsAuthors(facts, host) || IsAuthors(facts, shown)) continue;
    return FailsWith("text says " + shown + ", link leads to " + host);
  }
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
