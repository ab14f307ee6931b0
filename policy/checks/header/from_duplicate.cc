// from-duplicate: two From fields: nobody can say who the author is.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages with multiple From: headers",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 6, 0},
     "Message not allowed - Headers are not RFC compliant[291]",
     "senders.yahooinc.com/smtp-error-codes"},
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
  const std::size_t count = facts.message->header.Count("From");
  if (count < 2) return {};
  return FailsWith(std::to_string(count) + " From fields");
}

}  // namespace

constinit const Check kFromDuplicate = {
    .id = "from-duplicate",
    .rules = "H07",
    .summary = "There is more than one From field.",
    .fix =
        "the program that writes the message must write From once; a second "
        "author goes into Reply-To",
    .cites = "RFC 5322 s.3.6",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
