// url-dynamic-host: hosts under a dynamic-DNS or tunnel provider's name: of
// somebody's own machine, and gone tomorrow.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts) {
    const bool is_dynamic = host.host_class == HostClass::kDynamicDns ||
                            host.host_class == HostClass::kTunnel;
    if (is_dynamic && host.IsJudged() && !host.is_own)
      return FailsWith(host.host + " (" +
                       std::string(ToString(host.host_class)) + ")");
  }
  return {};
}

}  // namespace

constinit const Check kUrlDynamicHost = {
    .id = "url-dynamic-host",
    .rules = "L09",
    .summary = "A link leads to a dynamic-DNS or tunnel host.",
    .fix =
        "put the page on a host in a domain of your own; if this one is yours: "
        "links.tracking_domains",
    .cites =
        "URI blocklists list such names; the providers are on "
        "conf/lists/link-hosts.txt",
    .level = Level::kShould,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
