// charset-invalid: text that nobody can decode as declared.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 6, 0},
     "CAT.InvalidContent.Exception: InvalidCharsetException",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 6, 0},
     "CAT.InvalidContent.Exception: InvalidCharsetException",
     "learn.microsoft.com, NDR error codes"},
    {"google",
     554,
     {5, 6, 0},
     "Mail message is malformed. Not accepted",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.charset.empty()) return {};
  return FailsWith(facts.structure.charset);
}

}  // namespace

constinit const Check kCharsetInvalid = {
    .id = "charset-invalid",
    .rules = "M10",
    .summary = "The charset of a text is unknown, or not that of the text.",
    .fix =
        "write the text in UTF-8 and declare charset=utf-8; mode mend does "
        "where the charset is plain",
    .cites = "RFC 2046 s.4.1.2; IANA character sets",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
