// dmarc-record-invalid: a DMARC record that receivers cannot use as it is
// written.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 40},
     "bulk mail: the sending domain doesn't have a DMARC record, or the record "
     "doesn't specify a DMARC policy",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& at : facts.dmarc.all) {
    const std::string& fault = facts.dmarc.By(at.method).fault;
    if (!fault.empty())
      AddVerdicts(facts, at, Concerned::kAll, {.detail = fault}, &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kDmarcRecordInvalid = {
    .id = "dmarc-record-invalid",
    .rules = "S23",
    .summary =
        "The author domain's DMARC record cannot be used as it is written.",
    .fix =
        "publish one TXT at _dmarc.DOMAIN, beginning v=DMARC1; p=none (or "
        "quarantine, reject)",
    .cites = "RFC 9989 s.4.7, s.4.10, s.4.10.1; RFC 7489 s.6.6.3",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
