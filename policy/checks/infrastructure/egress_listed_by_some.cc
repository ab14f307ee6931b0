// egress-listed-by-some: the address is on a list that some receivers refuse
// from, or count.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 1},
     "Service unavailable; Client host blocked",
     "Postfix reject_rbl_client"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    const Subject subject = Subject::Egress(egress.address.ToString());
    for (const Listing& list : egress.health->address_lists) {
      if (list.is_certain || list.status != ListStatus::kAnswers ||
          list.listed.empty())
        continue;
      verdicts.push_back(
          {Outcome::kFail, subject, list.zone + ": " + list.listed});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressListedBySome = {
    .id = "egress-listed-by-some",
    .rules = "I06",
    .summary = "The egress address is on a blocklist that some receivers use.",
    .fix = "end the cause, then ask for removal; postern doctor says where",
    .cites = "RFC 5782",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
