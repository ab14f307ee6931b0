// egress-unknown-at-t-online: a receiver that admits only addresses it knows.
//
// Nothing tells from outside whether it knows ours: the operator says so once
// he has asked (egress.<name>.known_to).

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"t-online",
     554,
     {5, 7, 1},
     "IP=... - None/bad reputation. Ask your postmaster for help or to contact "
     "tobr@rx.t-online.de for reset. (NOWL)",
     "postmaster.t-online.de"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const auto is_theirs = [](const RecipientFact& recipient) {
    return recipient.receiver == "t-online";
  };
  if (std::none_of(facts.recipients.begin(), facts.recipients.end(), is_theirs))
    return {};
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (egress.way == nullptr) continue;
    const std::vector<std::string>& known_to = egress.way->known_to;
    if (std::find(known_to.begin(), known_to.end(), "t-online") !=
        known_to.end())
      continue;
    verdicts.push_back({Outcome::kFail, Subject::Receiver("t-online"),
                        egress.address.ToString() +
                            ": not in known_to of egress " + egress.route});
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressUnknownAtTOnline = {
    .id = "egress-unknown-at-t-online",
    .rules = "I07",
    .summary =
        "T-Online refuses addresses that it has not been asked to admit.",
    .fix =
        "ask tobr@rx.t-online.de to admit the address, then name t-online in "
        "known_to of the egress",
    .cites = "postmaster.t-online.de",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
