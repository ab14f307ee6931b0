// url-shortener-chained: a redirector whose URL says that it leads to a
// shortener.

#include "policy/base/text.h"
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

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkTarget& target : facts.linking.targets) {
    // What a mail gateway wrapped was in the mail that it wrapped.
    if (target.via == HostClass::kSecurityRewriter) continue;
    if (facts.config->link_hosts->ClassOf(target.host) == HostClass::kShortener)
      return FailsWith(EscapeForLog(facts.links[target.link].host +
                                    " leads to " + target.host));
  }
  return {};
}

}  // namespace

constinit const Check kUrlShortenerChained = {
    .id = "url-shortener-chained",
    .rules = "L02",
    .summary = "A link leads through a redirector to a URL shortener.",
    .cites = "SpamAssassin URL_SHORTENER_CHAINED",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
