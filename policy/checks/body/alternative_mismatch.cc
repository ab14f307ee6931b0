// alternative-mismatch: two texts that have hardly a word in common.
//
// HTML without a plain text is no mismatch.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, MPART_ALT_DIFF"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.alternative.empty()) return {};
  return FailsWith(facts.structure.alternative);
}

}  // namespace

constinit const Check kAlternativeMismatch = {
    .id = "alternative-mismatch",
    .rules = "M17",
    .summary =
        "The plain text and the HTML of one message say different things.",
    .fix =
        "let the template's plain part say what its HTML says, or make it from "
        "the HTML each time",
    .cites = "RFC 2046 s.5.1.4",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
