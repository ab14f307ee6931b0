// helo-name-differs: EHLO and PTR name two different hosts.
//
// Common and allowed (RFC 5321 s.4.1.4 forbids refusing for it); some filters
// count it.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "HELO host name does not match reverse DNS",
     "Haraka helo.checks"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health || egress.health->helo_name.empty()) continue;
    const std::vector<std::string>& names = egress.health->ptr_names;
    const bool is_same = std::find(names.begin(), names.end(),
                                   egress.health->helo_name) != names.end();
    if (names.empty() || is_same) continue;
    verdicts.push_back({Outcome::kFail,
                        Subject::Egress(egress.address.ToString()),
                        "EHLO " + egress.health->helo_name + ", PTR " +
                            egress.health->ptr_name});
  }
  return verdicts;
}

}  // namespace

constinit const Check kHeloNameDiffers = {
    .id = "helo-name-differs",
    .rules = "I05",
    .summary = "The EHLO name is not a PTR name of the egress.",
    .fix =
        "say the PTR name in EHLO (Postfix: smtp_helo_name, Sendmail: "
        "confDOMAIN_NAME), or have the PTR changed",
    .cites = "Haraka helo.checks; RFC 5321 s.4.1.4",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
