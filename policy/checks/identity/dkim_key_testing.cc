// dkim-key-testing: the published key says t=y: verifiers treat our mail as if
// it were not signed.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::string detail;
  for (const SigningPlan::Planned& planned : facts.signing.signatures)
    if (planned.is_testing)
      detail +=
          (detail.empty() ? "" : ", ") + planned.key.RecordName() + ": t=y";
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimKeyTesting = {
    .id = "dkim-key-testing",
    .rules = "S12",
    .summary = "The published key is marked as being tested.",
    .fix =
        "take t=y out of the key's record as soon as signatures pass: such "
        "mail may count as unsigned",
    .cites = "RFC 6376 s.3.6.1",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
