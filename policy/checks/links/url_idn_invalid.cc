// url-idn-invalid: an A-label that stands for nothing, which browsers refuse.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool HasAceLabel(std::string_view url) {
  const std::string lower = ToLower(url.substr(0, url.find_first_of("?#")));
  return Contains(lower, "//xn--") || Contains(lower, ".xn--");
}

// Of most, no host could be read.
bool IsRefused(const Link& link) {
  const bool is_refused = link.scheme.empty() && link.host.empty() &&
                          (StartsWithIgnoreCase(link.url, "http:") ||
                           StartsWithIgnoreCase(link.url, "https:"));
  return is_refused && HasAceLabel(link.url);
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.is_invalid_idn) return FailsWith("link to " + host.host);
  const Link* link = FindLink(facts, IsRefused);
  if (link == nullptr) return {};
  return FailsWith("link to " + EscapeForLog(link->url, 100));
}

}  // namespace

constinit const Check kUrlIdnInvalid = {
    .id = "url-idn-invalid",
    .rules = "L04",
    .summary = "A link's host name is invalid Punycode.",
    .fix =
        "copy the link anew from a browser, or write the host name as it "
        "reads, in UTF-8",
    .cites = "Gmail sender guidelines; UTS 46 s.4",
    .level = Level::kShould,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
