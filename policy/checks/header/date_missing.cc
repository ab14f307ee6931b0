// date-missing: every message has exactly one Date.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions (c=r0701)",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     550,
     {5, 7, 1},
     "RFC5322 requirement error: not exactly one Date field",
     "OpenDMARC RequiredHeaders"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("Date") > 0) return {};
  return FailsWith("no Date field");
}

}  // namespace

constinit const Check kDateMissing = {
    .id = "date-missing",
    .rules = "H01",
    .summary = "There is no Date field.",
    .fix =
        "set Date in the program, or Postfix: always_add_missing_headers = "
        "yes; mode mend adds it too",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
