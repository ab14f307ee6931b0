// spf-softfail: the sender's domain does not vouch for our address, and does
// not forbid it either.
//
// A fail is spf-fail's business, and mailings are spf-not-passed-bulk's.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.is_bulk) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) {
    const bool is_vague =
        spf.result == SpfResult::kSoftfail || spf.result == SpfResult::kNeutral;
    if (!is_vague) continue;
    std::string detail = "SPF of " + spf.domain + " at " + spf.egress + " is " +
                         std::string(ToString(spf.result)) + ": " + spf.reason;
    verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                        std::move(detail), spf.fix});
  }
  return verdicts;
}

}  // namespace

constinit const Check kSpfSoftfail = {
    .id = "spf-softfail",
    .rules = "S02",
    .summary = "SPF is softfail or neutral: filters count it against the mail.",
    .fix =
        "list our egress in the domain's SPF record, before the ~all or ?all",
    .cites = "RFC 7208 s.2.6.5; RFC 7208 s.8.5",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
