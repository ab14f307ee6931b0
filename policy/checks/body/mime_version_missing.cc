// mime-version-missing: without it strict readers take the message for plain
// text.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, MIME_HEADER_CTYPE_ONLY"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.structure.is_version_missing) return {};
  return FailsWith("Content-Type without MIME-Version");
}

}  // namespace

constinit const Check kMimeVersionMissing = {
    .id = "mime-version-missing",
    .rules = "M09",
    .summary = "There is a Content-Type and no MIME-Version.",
    .fix =
        "write MIME-Version: 1.0 wherever Content-Type is written; mode mend "
        "adds it",
    .cites = "RFC 2045 s.4",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
