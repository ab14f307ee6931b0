// link-too-many: more links, or to more sites, than readers follow.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::size_t kMostLinks = 100, kMostSites = 20;

std::vector<Verdict> Run(const Facts& facts) {
  const LinkFacts& linking = facts.linking;
  if (linking.led_to <= kMostLinks && linking.sites <= kMostSites &&
      !linking.is_over_limit)
    return {};
  return FailsWith(std::to_string(linking.led_to) + " links to " +
                   std::to_string(linking.sites) + " sites");
}

}  // namespace

constinit const Check kLinkTooMany = {
    .id = "link-too-many",
    .rules = "L12",
    .summary =
        "The message has more than 100 links, or links to more than 20 sites.",
    .fix = "link to one page of yours that has the others",
    .cites = "Spam filters count links; seed experience",
    .level = Level::kNotice,
    .predicts = kSuspiciousContent,
    .run = Run,
};

}  // namespace postern
