// body-bare-cr-or-lf: line ends that receivers read differently (SMTP
// smuggling).

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 6, 11},
     "Invalid characters: bare line feed",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 6, 11},
     "Invalid characters: bare line feed",
     "learn.microsoft.com, NDR error codes"},
    {"selfhost",
     550,
     {5, 5, 2},
     "bare <LF> received",
     "Postfix smtpd_forbid_bare_newline = reject"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.body.has_bare_lf) return FailsWith("a bare LF in the body");
  if (facts.body.has_bare_cr) return FailsWith("a bare CR in the body");
  return {};
}

}  // namespace

constinit const Check kBodyBareCrOrLf = {
    .id = "body-bare-cr-or-lf",
    .rules = "M02",
    .summary = "The body has a CR or LF that stands alone.",
    .fix =
        "end all lines with CRLF in the program that writes it; mode mend does "
        "unless others signed it",
    .cites = "RFC 5321 s.2.3.8",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
