// body-eight-bit: an 8-bit body loses its signature where 8BITMIME is not
// offered.
//
// RFC 6376 s.5.3 has signers convert to quoted-printable or base64 first.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 7, 26},
     "unauthenticated: the signature no longer verifies after the conversion "
     "to 7bit",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.body.has_eight_bit) return {};
  return FailsWith("8-bit octets in the body");
}

}  // namespace

constinit const Check kBodyEightBit = {
    .id = "body-eight-bit",
    .rules = "M04",
    .summary =
        "The body has 8-bit octets, which a next hop may convert after "
        "signing.",
    .fix =
        "send the text as quoted-printable; mode mend does unless others "
        "signed the body",
    .cites = "RFC 6152; RFC 6376 s.5.3",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
