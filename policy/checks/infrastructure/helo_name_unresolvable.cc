// helo-name-unresolvable: the name that we say in EHLO has no address.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     450,
     {4, 7, 1},
     "Helo command rejected: Host not found",
     "Postfix reject_unknown_helo_hostname"},
    {"united-internet",
     450,
     {4, 7, 1},
     "Reject due to policy violations",
     "postmaster.gmx.net, error code list"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health || !egress.health->helo_fault.empty()) continue;
    const std::string& name = egress.health->helo_name;
    if (name.empty() || name.front() == '[') continue;
    const DnsStatus status = egress.health->helo_status;
    const Subject subject = Subject::Egress(egress.address.ToString());
    if (status == DnsStatus::kTempError)
      verdicts.push_back({Outcome::kUnknown, subject,
                          "DNS did not answer for A or AAAA of " + name});
    if (status == DnsStatus::kNoData || status == DnsStatus::kNxDomain)
      verdicts.push_back(
          {Outcome::kFail, subject, "no A or AAAA record: " + name});
  }
  return verdicts;
}

}  // namespace

constinit const Check kHeloNameUnresolvable = {
    .id = "helo-name-unresolvable",
    .rules = "I05",
    .summary = "The EHLO name has neither A nor AAAA.",
    .fix =
        "publish A or AAAA of the EHLO name, or say another one in the MTA "
        "(smtp_helo_name) and in helo_name",
    .cites = "RFC 5321 s.2.3.5; Postfix reject_unknown_helo_hostname",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
