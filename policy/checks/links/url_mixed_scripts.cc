// url-mixed-scripts: an international host name whose letters are of scripts
// that no language mixes (UTS 39 s.5.2, highly restrictive), as Google demands.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     421,
     {4, 7, 0},
     "suspicious due to the nature of the content or the links within",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [PH01]",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  for (const LinkHost& host : facts.linking.hosts)
    if (host.mixes_scripts && host.is_led_to)
      return FailsWith("link to " + host.host);
  return {};
}

}  // namespace

constinit const Check kUrlMixedScripts = {
    .id = "url-mixed-scripts",
    .rules = "L04",
    .summary = "A link's host name mixes scripts.",
    .cites = "Gmail sender guidelines; UTS 39 s.5.2",
    .level = Level::kShould,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
