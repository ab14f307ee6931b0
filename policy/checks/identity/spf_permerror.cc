// spf-permerror: a record with an error counts as no authentication.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 7, 24}, "SPF validation error", "RFC 7372 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (spf.result == SpfResult::kPermError)
      verdicts.push_back(
          {Outcome::kFail, Subject::Egress(spf.egress),
           "SPF of " + spf.domain + " at " + spf.egress + ": " + spf.reason,
           spf.fix});
  return verdicts;
}

}  // namespace

constinit const Check kSpfPermerror = {
    .id = "spf-permerror",
    .rules = "S04",
    .summary = "The SPF record of the envelope sender cannot be evaluated.",
    .fix =
        "keep one v=spf1 record, at most 10 terms that ask DNS, no typing "
        "errors: postern spf tries it",
    .cites = "RFC 7208 s.2.6.7",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
