// mime-deep: more than twenty levels; from the receiver's limit on it is
// mime-too-deep.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/body/mime_limits.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     554,
     {5, 7, 1},
     "Spam message rejected",
     "rspamd 3.4, default scores"},
};

constexpr std::size_t kLimit = 20;

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t depth = facts.structure.depth;
  return ByReceiver(facts, [&](const ReceiverProfile& profile) {
    const bool is_deep = depth > kLimit && depth < MimeDepthLimit(profile.name);
    return is_deep ? std::to_string(depth) + " levels" : std::string();
  });
}

}  // namespace

constinit const Check kMimeDeep = {
    .id = "mime-deep",
    .rules = "M07",
    .summary = "Parts are nested deeper than mail programs do it.",
    .fix =
        "attach forwarded messages side by side, not one within the other; "
        "mind loops of replies",
    .cites = "RFC 2046 s.5.1",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
