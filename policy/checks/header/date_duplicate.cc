// date-duplicate: every message has exactly one Date.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages that are not RFC 5322 compliant: multiple Date headers",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     550,
     {5, 7, 1},
     "RFC5322 requirement error: not exactly one Date field",
     "OpenDMARC RequiredHeaders"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t count = facts.message->header.Count("Date");
  if (count < 2) return {};
  return FailsWith(std::to_string(count) + " Date fields");
}

}  // namespace

constinit const Check kDateDuplicate = {
    .id = "date-duplicate",
    .rules = "H02",
    .summary = "There is more than one Date field.",
    .fix =
        "the program that writes the message must write Date once; mode mend "
        "drops an equal one",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
