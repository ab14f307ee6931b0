// egress-without-ptr: the address that we send from has no name.
//
// The fault is ours to mend and heals without the sender: what is certainly
// refused is deferred, not returned.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 25},
     "The IP address sending this message does not have a PTR record setup",
     "support.google.com/a/answer/3726730"},
    {"comcast",
     554,
     {5, 7, 1},
     "not allowed to send: must have a PTR record",
     "postmaster.comcast.net"},
    {"cox",
     554,
     {5, 7, 1},
     "AUP#CXDNS: reverse DNS is required",
     "cox.com: email error codes"},
    {"charter",
     554,
     {5, 7, 1},
     "AUP#I-1100: no reverse DNS",
     "spectrum.net: email error codes"},
    {"godaddy",
     421,
     {4, 7, 1},
     "IB108: missing reverse DNS",
     "godaddy.com help: IB codes"},
    {"t-online", 554, {5, 7, 1}, "no PTR record", "postmaster.t-online.de"},
    {"united-internet",
     554,
     {5, 7, 1},
     "Bad DNS PTR resource record",
     "postmaster.gmx.net, error code list"},
    {"apple",
     554,
     {5, 7, 1},
     "reverse DNS is required",
     "support.apple.com/102322"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    const std::string name = egress.address.ReverseName();
    const Subject subject = Subject::Egress(egress.address.ToString());
    switch (egress.health->ptr_status) {
      case DnsStatus::kOk:
        break;
      case DnsStatus::kTempError:
        verdicts.push_back({Outcome::kUnknown, subject,
                            "DNS did not answer for PTR of " + name});
        break;
      case DnsStatus::kNoData:
      case DnsStatus::kNxDomain:
        verdicts.push_back({Outcome::kFail, subject, "no PTR at " + name});
        break;
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressWithoutPtr = {
    .id = "egress-without-ptr",
    .rules = "I01",
    .summary = "The egress address has no PTR record.",
    .fix =
        "have the owner of the address (your provider) publish a PTR, best the "
        "EHLO name, that leads back",
    .cites = "RFC 1912 s.2.1; support.google.com/a/answer/81126",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
