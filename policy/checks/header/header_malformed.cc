// header-malformed: lines that one parser takes for the header's and another
// for text.
//
// An MTA ends the header at the first line that is no field: what its author
// meant to be fields stands at the beginning of the text then.

#include <string>

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
     550,
     {5, 6, 0},
     "malformed message header",
     "Postfix strict_mime, measured with 3.7"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.blank_fold.empty())
    return FailsWith("a continuation line of white space alone in " +
                     facts.header.blank_fold.substr(0, 60));
  if (facts.header.lost_field.empty()) return {};
  return FailsWith("no " + facts.header.lost_field +
                   " field, but one in the first lines of the text");
}

}  // namespace

constinit const Check kHeaderMalformed = {
    .id = "header-malformed",
    .rules = "H31",
    .summary = "The header ends too early, or has a line of white space alone.",
    .fix =
        "write all fields, then one empty line, then the text; no line of "
        "blanks among the fields",
    .cites = "RFC 5322 s.2.1, s.2.2.3",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
