// url-dangerous-scheme: schemes that run something, or lead into the reader's
// own machine; receivers remove such links or refuse the message.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/links/dangerous_url.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const Link& link : facts.links) {
    const bool is_followed =
        link.origin == LinkOrigin::kHref || link.origin == LinkOrigin::kForm;
    if (is_followed && IsDangerousUrl(link.scheme, link.url))
      return FailsWith("link with " + link.scheme + ":");
  }
  for (const LinkTarget& target : facts.linking.targets) {
    const std::string scheme = HostOfUrl(target.url).scheme;
    if (target.via == HostClass::kShortener &&
        IsDangerousUrl(scheme, target.url))
      return FailsWith(facts.links[target.link].host + " leads to " + scheme +
                       ":");
  }
  return {};
}

}  // namespace

constinit const Check kUrlDangerousScheme = {
    .id = "url-dangerous-scheme",
    .rules = "L07",
    .summary = "A link runs a script or leads to a local file.",
    .fix =
        "link to a web page by https: instead; scripts and local files do "
        "nothing in mail",
    .cites =
        "Gmail and Outlook remove javascript:, data:, file: and ms-*: links",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
