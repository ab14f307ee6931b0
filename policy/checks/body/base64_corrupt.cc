// base64-corrupt: foreign octets, wrong padding, lines that are too long.
//
// What stands behind the padding is mime-ambiguous.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     554,
     {5, 6, 0},
     "Corrupt message content",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     554,
     {5, 6, 0},
     "Corrupt message content",
     "learn.microsoft.com, NDR error codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.base64.empty()) return {};
  return FailsWith(facts.structure.base64);
}

}  // namespace

constinit const Check kBase64Corrupt = {
    .id = "base64-corrupt",
    .rules = "M11",
    .summary = "A part in base64 is not base64.",
    .fix =
        "encode the part with a base64 library, in lines of 76; mode mend does "
        "where nothing is lost",
    .cites = "RFC 2045 s.6.8",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
