// encoded-word-irregular: over 78 octets (75 is the rule), a character split in
// two, no space around it.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "rspamd 3.4, default scores"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const FieldFault& found = facts.header.irregular;
  if (found.name.empty()) return {};
  return FailsWith(found.name.substr(0, 60) + ": " + found.fault);
}

}  // namespace

constinit const Check kEncodedWordIrregular = {
    .id = "encoded-word-irregular",
    .rules = "H21",
    .summary =
        "An encoded-word that readers take breaks the rules of RFC 2047.",
    .fix =
        "let a mail library encode the field: words of up to 75 octets, with "
        "white space between them",
    .cites = "RFC 2047 s.2, s.5, s.6.2",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
