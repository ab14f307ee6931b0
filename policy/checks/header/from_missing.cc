// from-missing: every message names its author.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages missing a valid address in the From: header",
     "support.google.com/a/answer/3726730"},
    {"m365",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
    {"united-internet",
     554,
     {5, 6, 0},
     "Transaction failed: Reject due to policy restrictions",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     550,
     {5, 7, 1},
     "RFC5322 requirement error: not exactly one From field",
     "OpenDMARC RequiredHeaders"},
    {"any",
     554,
     {5, 6, 0},
     "Message is not RFC 5322 compliant",
     "RFC 5322 s.3.6, s.3.6.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("From") > 0) return {};
  return FailsWith("no From field");
}

}  // namespace

constinit const Check kFromMissing = {
    .id = "from-missing",
    .rules = "H06",
    .summary = "There is no From field.",
    .fix =
        "set From in the program, or Postfix: always_add_missing_headers = "
        "yes, which takes the sender",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
