// url-open-redirect: a link through a redirector that leads wherever its URL
// says, to another site (conf/lists/link-hosts.txt).

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

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
    .fix =
        "link to the target itself, or let Postern do it in mode mend: "
        "links.replace",
    .cites = "SpamAssassin redirector rules; Spamhaus DBL abuse-redir",
    .level = Level::kNotice,
    .action = Action::kMend,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
