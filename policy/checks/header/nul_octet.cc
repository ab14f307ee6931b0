// nul-octet: octet zero, which RFC 5322 forbids in header and text.

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
     "NUL character(s) present",
     "Exim 4.96 with a check of $body_zerocount"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.header.nul_field.empty())
    return FailsWith("a NUL in " + facts.header.nul_field.substr(0, 60));
  if (!facts.body.has_nul) return {};
  return FailsWith("a NUL in the body");
}

}  // namespace

constinit const Check kNulOctet = {
    .id = "nul-octet",
    .rules = "H32",
    .summary = "There is a NUL octet.",
    .fix =
        "send binary data as a base64 attachment; a NUL in text is a fault of "
        "the program that writes it",
    .cites = "RFC 5322 s.4; RFC 5321 s.4.5.2",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
