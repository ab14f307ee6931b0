// url-names-brand: "paypal-login.example": a brand beside a word like
// "login", or its whole domain in front of another's
// (conf/lists/brand-hosts.txt).

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (!host.names_brand.empty() && host.IsJudged() && !host.is_own)
      return FailsWith(host.host + " is not " + host.names_brand);
  return {};
}

}  // namespace

constinit const Check kUrlNamesBrand = {
    .id = "url-names-brand",
    .rules = "L15",
    .summary = "A link's host names a brand that is not its owner.",
    .fix =
        "link to the brand's own domain; if the host is rightful, name it in "
        "lists.brand_hosts",
    .cites = "Yahoo PH01; Haraka from_phish",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
