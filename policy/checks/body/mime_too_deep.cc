// mime-too-deep: thirty levels are Exchange's limit, a hundred Postfix's.
//
// From twenty-one on it is mime-deep.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 0, 350},
     "policy violation: nested attachments",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 0, 350},
     "policy violation: nested attachments",
     "learn.microsoft.com, NDR error codes"},
    {"selfhost",
     550,
     {5, 6, 0},
     "MIME nesting exceeds safety limit",
     "Postfix mime_nesting_limit"},
};

constexpr std::size_t kLimit = 30;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.depth < kLimit) return {};
  return FailsWith(std::to_string(facts.structure.depth) + " levels");
}

}  // namespace

constinit const Check kMimeTooDeep = {
    .id = "mime-too-deep",
    .rules = "M07",
    .summary = "Parts are nested deeper than receivers go.",
    .fix =
        "send the innermost message alone; nesting like this comes from a loop "
        "of forwards or replies",
    .cites = "Exchange Online limits; Postfix mime_nesting_limit",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
