// dkim-unsigned: the message leaves unsigned, for the reason in the detail.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 30},
     "bulk mail: DKIM did not pass",
     "support.google.com/a/answer/3726730"},
    {"outlook",
     550,
     {5, 7, 515},
     "bulk mail: Access denied, sending domain does not meet the required "
     "authentication level: Dkim=None",
     "Outlook.com postmaster pages"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.dkim.empty()) return {};
  return FailsWith(facts.signing.unsigned_reason);
}

}  // namespace

constinit const Check kDkimUnsigned = {
    .id = "dkim-unsigned",
    .rules = "S08",
    .summary = "No DKIM signature will be present.",
    .cites = "RFC 6376; support.google.com/a/answer/81126",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
