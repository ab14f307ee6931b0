// message-id-missing: every message has an identifier.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages missing a valid Message-ID: header are not accepted",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("Message-ID") > 0) return {};
  return FailsWith("no Message-ID field");
}

}  // namespace

constinit const Check kMessageIdMissing = {
    .id = "message-id-missing",
    .rules = "H12",
    .summary = "There is no Message-ID field.",
    .fix =
        "set it in the program, or Postfix: always_add_missing_headers = yes; "
        "mode mend adds it too",
    .cites = "RFC 5322 s.3.6.4",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
