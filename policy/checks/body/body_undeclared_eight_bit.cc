// body-undeclared-eight-bit: octets that the declared encoding says are not
// there.
//
// Declared ones are body-eight-bit.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 6, 0},
     "8-bit character in 7bit message part",
     "Postfix strict_7bit_headers and strict_8bitmime_body, measured with 3.7"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.structure.undeclared.empty()) return {};
  return FailsWith(facts.structure.undeclared);
}

}  // namespace

constinit const Check kBodyUndeclaredEightBit = {
    .id = "body-undeclared-eight-bit",
    .rules = "M03",
    .summary = "A part declared as 7bit has 8-bit octets.",
    .fix =
        "encode the part as quoted-printable or declare it 8bit; mode mend "
        "does unless others signed it",
    .cites = "RFC 2045 s.2.7, s.6.2",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
