// egress-ptr-not-confirmed: the name of the address does not lead back to it.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 25},
     "The IP address sending this message does not have a PTR record setup, or "
     "the corresponding forward DNS entry does not point to the sending IP",
     "support.google.com/a/answer/3726730"},
    {"charter",
     554,
     {5, 7, 1},
     "AUP#I-1130: reverse DNS does not match",
     "spectrum.net: email error codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health || egress.health->ptr_status != DnsStatus::kOk) continue;
    const Confirmation confirmation = egress.health->confirmation;
    if (confirmation == Confirmation::kYes) continue;
    const std::string address = egress.address.ToString();
    const std::string& name = egress.health->ptr_name;
    if (confirmation == Confirmation::kUnknown) {
      verdicts.push_back({Outcome::kUnknown, Subject::Egress(address),
                          "DNS did not answer for A or AAAA of " + name});
    } else {
      verdicts.push_back({Outcome::kFail, Subject::Egress(address),
                          "PTR " + name + " has not the address " + address});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressPtrNotConfirmed = {
    .id = "egress-ptr-not-confirmed",
    .rules = "I02",
    .summary = "No PTR name of the egress address has that address.",
    .fix =
        "publish A or AAAA of the PTR name with this address, or have the "
        "provider set the PTR to a name with it",
    .cites = "RFC 8601 s.2.7.3; support.google.com/a/answer/81126",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
