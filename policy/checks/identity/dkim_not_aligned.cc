// dkim-not-aligned: DKIM passes, for a domain that is not the author's, and SPF
// does not align either.
//
// What DMARC makes of it is for the checks of DMARC to say.

#include <algorithm>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

bool Passes(const Facts& facts) {
  return std::any_of(
      facts.dkim.begin(), facts.dkim.end(),
      [](const DkimFact& dkim) { return dkim.result == DkimResult::kPass; });
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.author_domain || !Passes(facts)) return {};
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& at : facts.dmarc.all)
    if (VouchedAt(facts, at) == Vouched::kNo)
      AddVerdicts(facts, at, Concerned::kAll,
                  {.detail = "author " + facts.author_domain->text() + ": " +
                             Authentication(facts, at)},
                  &verdicts);
  return verdicts;
}

}  // namespace

constinit const Check kDkimNotAligned = {
    .id = "dkim-not-aligned",
    .rules = "S13",
    .summary = "DKIM passes, but not for the author's organizational domain.",
    .fix =
        "sign for the author's domain too: postern keygen DOMAIN, then a table "
        "in signing.domains",
    .cites = "RFC 9989 s.4.4",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
