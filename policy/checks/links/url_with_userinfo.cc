// url-with-userinfo: "https://bank.example@evil.example/" reads as another
// site.

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool HasUserinfo(const Link& link) {
  const bool is_web = link.scheme == "http" || link.scheme == "https";
  const bool is_followed = link.origin == LinkOrigin::kHref ||
                           link.origin == LinkOrigin::kForm ||
                           link.origin == LinkOrigin::kText;
  return link.has_userinfo && is_web && is_followed && !link.host.empty();
}

std::vector<Verdict> Run(const Facts& facts) {
  const Link* link = FindLink(facts, HasUserinfo);
  if (link == nullptr) return {};
  return FailsWith("link to " + link->host + " with a user name");
}

}  // namespace

constinit const Check kUrlWithUserinfo = {
    .id = "url-with-userinfo",
    .rules = "L06",
    .summary = "A link has a user name before its host.",
    .fix =
        "write the link without user@ before the host; tell a password by "
        "other means",
    .cites = "RFC 3986 s.7.6; Yahoo PH01",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
