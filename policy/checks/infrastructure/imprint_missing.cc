// imprint-missing: a receiver that wants to read on the web who runs the host.
//
// It is not probed: the operator says so (egress.<name>.has_imprint).

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"t-online", 554, {5, 7, 1}, "(DIAL)", "postmaster.t-online.de"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const auto is_theirs = [](const RecipientFact& recipient) {
    return recipient.receiver == "t-online";
  };
  if (std::none_of(facts.recipients.begin(), facts.recipients.end(), is_theirs))
    return {};
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress)
    if (egress.way != nullptr && !egress.way->has_imprint)
      verdicts.push_back(
          {Outcome::kFail, Subject::Receiver("t-online"),
           "has_imprint of egress " + egress.route + " is false"});
  return verdicts;
}

}  // namespace

constinit const Check kImprintMissing = {
    .id = "imprint-missing",
    .rules = "I14",
    .summary = "T-Online asks for an imprint on the web page of the EHLO host.",
    .fix =
        "serve a page at http://EHLO-NAME that says who runs it and how to "
        "reach you; then has_imprint = true",
    .cites = "postmaster.t-online.de",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
