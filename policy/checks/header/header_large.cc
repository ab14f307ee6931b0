// header-large: over 60 KB: Sendmail takes 32 KB, Exchange pickup 64 KB.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     552,
     {5, 6, 0},
     "Headers too large",
     "Sendmail MaxHeadersLength"},
};

constexpr std::size_t kLimit = 60'000;

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.header.octets <= kLimit) return {};
  return FailsWith(std::to_string(facts.header.octets) + " octets of header");
}

}  // namespace

constinit const Check kHeaderLarge = {
    .id = "header-large",
    .rules = "H23",
    .summary = "The header is larger than some receivers take.",
    .fix =
        "drop X- fields that nobody reads; send to many recipients one by one "
        "instead of naming them all",
    .cites = "RFC 5321 s.4.5.3; Postfix header_size_limit",
    .level = Level::kNotice,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
