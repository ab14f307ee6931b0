// url-shortener-chained: a redirector whose URL says that it leads to a
// shortener, or a shortener that led to another one when it was asked.

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkTarget& target : facts.linking.targets) {
    // What a mail gateway wrapped was in the mail that it wrapped.
    if (target.via == HostClass::kSecurityRewriter) continue;
    if (facts.config->link_hosts->ClassOf(target.host) == HostClass::kShortener)
      return FailsWith(EscapeForLog(facts.links[target.link].host +
                                    " leads to " + target.host));
  }
  for (const ShortLink& link : facts.linking.short_links)
    if (!link.expansion.via.empty())
      return FailsWith(EscapeForLog(facts.links[link.link].host + " leads to " +
                                    link.expansion.via));
  return {};
}

}  // namespace

constinit const Check kUrlShortenerChained = {
    .id = "url-shortener-chained",
    .rules = "L02",
    .summary = "A link leads through another one to a URL shortener.",
    .fix = "link to the target itself; no honest mail hides it twice",
    .cites = "SpamAssassin URL_SHORTENER_CHAINED",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kShortenedLink,
    .run = Run,
};

}  // namespace postern
