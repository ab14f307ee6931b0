// spf-helo-fail: a null sender, and the record of our EHLO name forbids the
// address that says it.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost", 550, {5, 7, 23}, "SPF validation failed", "RFC 7372 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (spf.is_helo_identity && spf.result == SpfResult::kFail)
      verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                          "SPF of the EHLO name " + spf.domain + " at " +
                              spf.egress + ": " + spf.reason,
                          spf.fix});
  return verdicts;
}

}  // namespace

constinit const Check kSpfHeloFail = {
    .id = "spf-helo-fail",
    .rules = "S07",
    .summary = "SPF says that our egress may not use its own EHLO name.",
    .fix =
        "list our egress in the SPF record of the EHLO name: v=spf1 a -all "
        "does where its A is the egress",
    .cites = "RFC 7208 s.2.4",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
