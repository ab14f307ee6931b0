// url-free-hosting: hosts under a provider's name that anybody can have; their
// reputation is that of all of them together.

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.host_class == HostClass::kFreeHosting && host.IsJudged() &&
        !host.is_own)
      return FailsWith("link to " + host.host);
  return {};
}

}  // namespace

constinit const Check kUrlFreeHosting = {
    .id = "url-free-hosting",
    .rules = "L09",
    .summary = "A link leads to a free-hosting page.",
    .fix =
        "nothing to do unless filters count it; a page in a domain of your own "
        "is trusted more",
    .cites =
        "URI blocklists list such names; the providers are on "
        "conf/lists/link-hosts.txt",
    .level = Level::kNotice,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
