// spf-not-aligned: SPF passes for a domain that is not the author's.
//
// Harmless while an aligned DKIM signature passes; without one DMARC fails.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.author_domain) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (spf.result == SpfResult::kPass &&
        spf.alignment == Alignment::kNotAligned)
      verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                          "SPF passes for " + spf.domain + ", the author is " +
                              facts.author_domain->text()});
  return verdicts;
}

}  // namespace

constinit const Check kSpfNotAligned = {
    .id = "spf-not-aligned",
    .rules = "",
    .summary = "SPF passes, but not for the author's organizational domain.",
    .cites = "RFC 9989 s.4.4",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
