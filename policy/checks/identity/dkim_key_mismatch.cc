// dkim-key-mismatch: no key that we hold matches what DNS publishes for it.
//
// One good key is enough: signatures are made with good keys only.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "unauthenticated: DKIM did not pass",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 7, 5},
     "(AU01) invalid DKIM signature",
     "senders.yahooinc.com/smtp-error-codes"},
    {"any",
     550,
     {5, 7, 20},
     "No passing DKIM signature found",
     "RFC 7372 s.3.1"},
};

std::vector<Verdict> Run(const Facts& facts) {
  // One key that verifies is enough, whatever is known of the others.
  for (const SigningPlan::Planned& planned : facts.signing.signatures)
    if (planned.published == PublishedKey::kMatches) return {};
  std::string detail;
  for (const SigningPlan::Planned& planned : facts.signing.signatures) {
    const std::string name = planned.key.RecordName();
    if (planned.published == PublishedKey::kUnknown)
      return UnknownFor("DNS did not answer for " + name);
    if (!detail.empty()) detail += ", ";
    detail += name + ": " + std::string(ToString(planned.published));
    if (!planned.fault.empty()) detail += ", " + planned.fault;
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimKeyMismatch = {
    .id = "dkim-key-mismatch",
    .rules = "S09",
    .summary = "Our signature would not verify: the published key is not ours.",
    .fix =
        "publish the record that postern doctor shows, or set the key's stage "
        "to pending until DNS has it",
    .cites = "RFC 6376 s.3.6.1, s.6.1.2",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
