// dmarc-quarantine: neither SPF nor DKIM passes in alignment with a
// p=quarantine author.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

// A policy that is not known is dmarc-reject's business.
std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts =
      DmarcFailures(facts, {DmarcPolicy::kQuarantine}, Concerned::kAll);
  std::erase_if(verdicts, [](const Verdict& verdict) {
    return verdict.outcome == Outcome::kUnknown;
  });
  return verdicts;
}

}  // namespace

constinit const Check kDmarcQuarantine = {
    .id = "dmarc-quarantine",
    .rules = "S21",
    .summary = "DMARC will fail and the author's domain asks for quarantine.",
    .fix =
        "your domain: sign for it (signing.domains); another's: write From "
        "yours, set Reply-To (from.munge_address)",
    .cites = "RFC 9989 s.4.7",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
