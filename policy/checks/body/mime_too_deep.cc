// mime-too-deep: thirty levels are Exchange's limit, a hundred Postfix's.
//
// Below, from twenty-one on, it is mime-deep. Of receivers whose limit nobody
// has told, the higher one is taken.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/body/mime_limits.h"
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

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t depth = facts.structure.depth;
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    const std::size_t limit = MimeDepthLimit(profile.name);
    if (depth < limit) return std::string();
    return std::to_string(depth) + " levels, limit " + std::to_string(limit);
  });
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
