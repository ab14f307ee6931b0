// boundary-invalid: missing, too long, never met, never closed.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     554,
     {5, 6, 0},
     "Mail message is malformed. Not accepted",
     "support.google.com/a/answer/3726730"},
    {"selfhost",
     554,
     {5, 6, 0},
     "BAD-HEADER, MIME error: unexpected boundary",
     "amavis"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.boundary.empty()) return {};
  return FailsWith(facts.structure.boundary);
}

}  // namespace

constinit const Check kBoundaryInvalid = {
    .id = "boundary-invalid",
    .rules = "M06",
    .summary = "A multipart without a boundary that can be found and closed.",
    .fix =
        "build the message with a MIME library: a boundary of 1 to 70 "
        "characters, its last line closed by --",
    .cites = "RFC 2046 s.5.1.1",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
