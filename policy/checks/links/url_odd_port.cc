// url-odd-port: web pages live at ports 80 and 443.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool HasOddPort(const Link& link) {
  const bool is_web = link.scheme == "http" || link.scheme == "https";
  const bool is_followed = link.origin == LinkOrigin::kHref ||
                           link.origin == LinkOrigin::kForm ||
                           link.origin == LinkOrigin::kText;
  return is_web && is_followed && link.port != 0 && link.port != 80 &&
         link.port != 443;
}

std::vector<Verdict> Run(const Facts& facts) {
  const Link* link = FindLink(facts, HasOddPort);
  if (link == nullptr) return {};
  return FailsWith(link->host + " port " + std::to_string(link->port));
}

}  // namespace

constinit const Check kUrlOddPort = {
    .id = "url-odd-port",
    .rules = "L13",
    .summary = "A link names an unusual port.",
    .fix =
        "serve the page at port 443, by a reverse proxy if need be, and link "
        "without a port",
    .cites = "SpamAssassin WEIRD_PORT",
    .level = Level::kNotice,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
