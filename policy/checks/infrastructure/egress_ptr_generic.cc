// egress-ptr-generic: the address has a name such as providers give to lines.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     553,
     {5, 7, 1},
     "non-generic reverse DNS is required",
     "senders.yahooinc.com/best-practices"},
    {"comcast",
     554,
     {5, 7, 1},
     "ES000010: dynamic address",
     "postmaster.comcast.net"},
    {"t-online", 554, {5, 7, 1}, "(DIAL)", "postmaster.t-online.de"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress)
    if (egress.health && egress.health->is_generic)
      verdicts.push_back({Outcome::kFail,
                          Subject::Egress(egress.address.ToString()),
                          "PTR " + egress.health->ptr_name});
  return verdicts;
}

}  // namespace

constinit const Check kEgressPtrGeneric = {
    .id = "egress-ptr-generic",
    .rules = "I03",
    .summary = "The PTR name of the egress looks generated.",
    .fix =
        "have the owner of the address (your provider) set its PTR to the EHLO "
        "name, in a domain of yours",
    .cites = "senders.yahooinc.com/best-practices; postmaster.t-online.de",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
