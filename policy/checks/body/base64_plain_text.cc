// base64-plain-text: an encoding that hides what needs none.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, MIME_BASE64_TEXT"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.plain_base64.empty()) return {};
  return FailsWith(facts.structure.plain_base64);
}

}  // namespace

constinit const Check kBase64PlainText = {
    .id = "base64-plain-text",
    .rules = "M18",
    .summary = "Plain ASCII text is encoded in base64.",
    .fix =
        "send ASCII text as 7bit or quoted-printable; mode mend does unless a "
        "signature covers the body",
    .cites = "RFC 2045 s.6.8",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
