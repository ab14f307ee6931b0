// body-line-too-long: a line that Exim refuses and Postfix cuts after signing.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 0, 0},
     "maximum allowed line length is 998 octets",
     "Exim 4.96 default configuration"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.body.longest_line <= 998) return {};
  return FailsWith("a body line of " + std::to_string(facts.body.longest_line) +
                   " octets");
}

}  // namespace

constinit const Check kBodyLineTooLong = {
    .id = "body-line-too-long",
    .rules = "M01",
    .summary = "A body line is longer than 998 octets.",
    .fix =
        "wrap the lines or send them as quoted-printable; mode mend does "
        "unless others signed the body",
    .cites = "RFC 5321 s.4.5.3.1.6; RFC 5322 s.2.1.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
