// helo-domain-listed: the name in EHLO or in the PTR record is on a list of
// domains.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 7, 1},
     "Helo domain is listed in Spamhaus (S8001)",
     "learn.microsoft.com, NDR error codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    const Subject subject = Subject::Egress(egress.address.ToString());
    for (const Listing& list : egress.health->name_lists) {
      const bool is_unknown = list.status == ListStatus::kUnknown ||
                              list.status == ListStatus::kRefused;
      if (!list.is_certain) continue;
      if (is_unknown)
        verdicts.push_back(
            {Outcome::kUnknown, subject,
             list.zone + " " + list.reason + " for " + list.subject});
      if (list.status == ListStatus::kAnswers && !list.listed.empty())
        verdicts.push_back(
            {Outcome::kFail, subject,
             list.subject + " at " + list.zone + ": " + list.listed});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kHeloDomainListed = {
    .id = "helo-domain-listed",
    .rules = "I09",
    .summary = "The EHLO name or the PTR name is on a domain blocklist.",
    .fix =
        "end what got it listed, then ask for removal (postern doctor says "
        "where), or say another name",
    .cites = "RFC 5782 s.2.2; docs.spamhaus.com: DBL return codes",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
