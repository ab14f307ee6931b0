// field-name-invalid: parsers differ in what they make of it: a field may be
// seen or not.
//
// Space before the colon is obsolete and counts. It is not mended: Postfix does
// not find a field under such a name when it is told to change it.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages that are not RFC 5322 compliant: malformed header",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.header.foreign_name.empty()) return {};
  return FailsWith("field name \"" +
                   EscapeForLog(facts.header.foreign_name, 60) + "\"");
}

}  // namespace

constinit const Check kFieldNameInvalid = {
    .id = "field-name-invalid",
    .rules = "H26",
    .summary = "The name of a field has octets that no name may have.",
    .fix =
        "name the field with letters, digits and hyphens, the colon right "
        "behind them",
    .cites = "RFC 5322 s.2.2, s.4.5",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
