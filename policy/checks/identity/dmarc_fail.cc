// dmarc-fail: neither SPF nor DKIM passes in alignment with a p=none author.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

// Nobody refuses for it, so what is not known is not told.
std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts =
      DmarcFailures(facts, {DmarcPolicy::kNone}, Concerned::kOthers);
  std::erase_if(verdicts, [](const Verdict& verdict) {
    return verdict.outcome == Outcome::kUnknown;
  });
  return verdicts;
}

}  // namespace

constinit const Check kDmarcFail = {
    .id = "dmarc-fail",
    .rules = "S22",
    .summary = "DMARC will fail; the author's domain asks for no consequence.",
    .fix =
        "your domain: sign for it (signing.domains) or list our egress in its "
        "SPF; another's: From yours",
    .cites = "RFC 9989 s.4.7",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
