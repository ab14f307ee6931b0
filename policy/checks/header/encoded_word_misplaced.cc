// encoded-word-misplaced: structured fields have no text to encode.
//
// MIME parameters are left out: encoded-words are everywhere there, and read.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Encoded-word syntax is not permitted in this message header",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const FieldFault& found = facts.header.misplaced;
  if (found.name.empty()) return {};
  return FailsWith(found.name.substr(0, 60) + ": " + found.fault);
}

}  // namespace

constinit const Check kEncodedWordMisplaced = {
    .id = "encoded-word-misplaced",
    .rules = "H21",
    .summary =
        "An encoded-word stands where none may: in an identifier, a date, an "
        "address.",
    .fix =
        "encode names and subjects alone; write addresses, dates and "
        "identifiers in ASCII",
    .cites = "RFC 2047 s.5",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
