// message-empty: nothing to read.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, EMPTY_MESSAGE"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.structure.is_empty) return {};
  return FailsWith("no text and no attachment");
}

}  // namespace

constinit const Check kMessageEmpty = {
    .id = "message-empty",
    .rules = "M15",
    .summary = "There is neither text nor an attachment.",
    .fix =
        "give it a text; if a script or cron job sent it, find out why its "
        "output was empty",
    .cites = "SpamAssassin EMPTY_MESSAGE",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
