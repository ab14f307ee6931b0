// mime-deep: more than twenty levels; from thirty on it is mime-too-deep.

#include <string>

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
constexpr std::size_t kTooDeep = 30;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.depth <= kLimit || facts.structure.depth >= kTooDeep)
    return {};
  return FailsWith(std::to_string(facts.structure.depth) + " levels");
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
