// spf-temperror: DNS did not answer for the envelope sender's SPF.
//
// The receivers may fare better or worse: what they will see is not known.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     451,
     {4, 7, 24},
     "SPF validation error: DNS did not answer",
     "RFC 7208 s.8.6; RFC 7372 s.3.2"},
};

// For what is not known, which the check has no advice for otherwise.
constexpr std::string_view kFix =
    "nothing to do unless it lasts; then ask the domain's name servers, and "
    "postern doctor about ours";

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (spf.result == SpfResult::kTempError)
      verdicts.push_back(
          {Outcome::kUnknown, Subject::Egress(spf.egress),
           "SPF of " + spf.domain + " at " + spf.egress + ": " + spf.reason,
           std::string(kFix)});
  return verdicts;
}

}  // namespace

constinit const Check kSpfTemperror = {
    .id = "spf-temperror",
    .rules = "S05",
    .summary = "DNS did not answer for the SPF of the envelope sender.",
    .fix = kFix,
    .cites = "RFC 7208 s.2.6.6",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
