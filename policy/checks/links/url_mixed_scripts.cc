// url-mixed-scripts: an international host name whose letters are of scripts
// that no language mixes (UTS 39 s.5.2, highly restrictive), as Google demands.

#include "policy/checks/catalogue.h"
#include "policy/checks/links/suspicious_link.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.mixes_scripts && host.IsJudged())
      return FailsWith("link to " + host.host);
  return {};
}

}  // namespace

constinit const Check kUrlMixedScripts = {
    .id = "url-mixed-scripts",
    .rules = "L04",
    .summary = "A link's host name mixes scripts.",
    .fix =
        "link to a host name in one script; if nobody wrote it so, suspect a "
        "stolen login",
    .cites = "Gmail sender guidelines; UTS 39 s.5.2",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kSuspiciousLink,
    .run = Run,
};

}  // namespace postern
