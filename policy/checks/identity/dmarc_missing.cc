// dmarc-missing: the author's domain publishes no DMARC record.
//
// One that is there and cannot be used is dmarc-record-invalid's business.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  if (!facts.author_domain) return verdicts;
  for (const DmarcOutcome& at : facts.dmarc.all) {
    const DmarcDiscovery& discovery = facts.dmarc.By(at.method);
    const bool is_missing =
        discovery.status == DmarcDiscovery::Status::kAbsent &&
        discovery.fault.empty();
    if (is_missing)
      AddVerdicts(facts, at, Concerned::kOthers,
                  {.detail = "no record for " + facts.author_domain->text()},
                  &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kDmarcMissing = {
    .id = "dmarc-missing",
    .rules = "S19",
    .summary = "The author's domain has no DMARC record.",
    .fix =
        "if the domain is yours, publish TXT at _dmarc.DOMAIN: v=DMARC1; "
        "p=none; rua=mailto:ADDRESS",
    .cites = "support.google.com/a/answer/81126; RFC 9989 s.4.10.1",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
