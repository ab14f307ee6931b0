// date-invalid: a Date that is not RFC 5322 date-time.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions",
     "postmaster.gmx.net, error code list"},
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.date_fault.empty()) return {};
  return FailsWith(facts.date_fault);
}

}  // namespace

constinit const Check kDateInvalid = {
    .id = "date-invalid",
    .rules = "H03",
    .summary = "The Date field cannot be read.",
    .fix =
        "write it as Tue, 03 Nov 2026 09:30:00 +0100, in English whatever the "
        "locale; mode mend dates it anew",
    .cites = "RFC 5322 s.3.3, s.4.3",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
