// mime-ambiguous: fields, parameters and boundaries that stand twice, data
// behind the end of base64, a file inside of text, more structure than is read
// whole.
//
// Mail that one scanner reads in one way and the mail program in another is how
// harm gets past scanners.

#include "policy/base/text.h"
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
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.mime.is_over_limit)
    return FailsWith("more structure than can be read");
  if (facts.structure.ambiguities.empty()) return {};
  return FailsWith(Join(facts.structure.ambiguities, "; "));
}

}  // namespace

constinit const Check kMimeAmbiguous = {
    .id = "mime-ambiguous",
    .rules = "M06 M09 M11",
    .summary = "Two readers would see two different messages.",
    .fix =
        "build the message with a MIME library: one type, one encoding and one "
        "boundary to each part",
    .cites = "RFC 2045 s.5; RFC 2046 s.5.1",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
