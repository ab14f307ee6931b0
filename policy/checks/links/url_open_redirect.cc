// url-open-redirect: a link through a redirector that leads wherever its URL
// says, to another site (conf/lists/link-hosts.txt).

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
    const Link& link = facts.links[target.link];
    const bool is_followed =
        link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kText;
    if (target.via == HostClass::kRedirector && is_followed)
      return FailsWith(EscapeForLog(link.host + " leads to " + target.host));
  }
  return {};
}

}  // namespace

constinit const Check kUrlOpenRedirect = {
    .id = "url-open-redirect",
    .rules = "L08",
    .summary = "A link leads through an open redirector to another site.",
    .cites = "SpamAssassin redirector rules; Spamhaus DBL abuse-redir",
    .level = Level::kNotice,
    .action = Action::kMend,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
