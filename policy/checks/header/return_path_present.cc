// return-path-present: only the last MTA writes it; what comes with it has been
// delivered before.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "outgoing mail must not have Return-Path header",
     "Haraka headers plugin"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Find("Return-Path") == nullptr) return {};
  return FailsWith("a Return-Path field");
}

}  // namespace

constinit const Check kReturnPathPresent = {
    .id = "return-path-present",
    .rules = "H30",
    .summary = "There is a Return-Path before final delivery.",
    .fix =
        "let the program leave it to the last MTA and set the envelope sender "
        "instead; mode mend removes it",
    .cites = "RFC 5321 s.4.4",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
