// url-lookalike-host: a host whose name can be taken for a brand's or for
// the author's own: "paypa1.com", or the Cyrillic "apple.com".

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (!host.imitates.empty() && host.IsJudged())
      return FailsWith(host.host + " looks like " + host.imitates);
  return {};
}

}  // namespace

constinit const Check kUrlLookalikeHost = {
    .id = "url-lookalike-host",
    .rules = "L04",
    .summary = "A link's host name looks like another one.",
    .fix =
        "correct the link to the domain that is meant; if nobody wrote it, "
        "suspect a stolen login",
    .cites = "Gmail sender guidelines; UTS 39 s.4",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
