// egress-in-dynamic-range: the address belongs to lines of customers, which
// send by their provider's server.
//
// Unanswered look-ups are reported by egress-listed.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"outlook",
     550,
     {5, 7, 1},
     "DY-001: messages from dynamic IP ranges are not accepted",
     "Outlook.com postmaster pages"},
    {"google",
     550,
     {5, 7, 1},
     "The IP you are using to send mail is not authorized to send email "
     "directly to our servers. Please use the SMTP relay at your service "
     "provider instead",
     "support.google.com/a/answer/3726730"},
    {"comcast",
     554,
     {5, 7, 1},
     "ES000001: dynamic address",
     "postmaster.comcast.net"},
    {"selfhost",
     554,
     {5, 7, 1},
     "Service unavailable; Client host blocked using zen.spamhaus.org",
     "Postfix reject_rbl_client"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    const Subject subject = Subject::Egress(egress.address.ToString());
    for (const Listing& list : egress.health->address_lists) {
      if (list.status != ListStatus::kAnswers || list.dynamic_range.empty())
        continue;
      verdicts.push_back(
          {Outcome::kFail, subject, list.zone + ": " + list.dynamic_range});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressInDynamicRange = {
    .id = "egress-in-dynamic-range",
    .rules = "I12",
    .summary =
        "The egress address is in a range from which no mail server should "
        "send.",
    .fix =
        "send through your provider's mail server (Postfix: relayhost), or "
        "have the list take the address off",
    .cites = "spamhaus.org/pbl",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
