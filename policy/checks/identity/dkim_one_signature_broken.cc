// dkim-one-signature-broken: of several signatures for the author one does not
// verify.
//
// Mended by taking the broken one off where we sign for the author ourselves.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// Was made for the author, and does not verify as the message leaves.
bool IsBroken(const DkimFact& dkim) {
  return !dkim.is_ours && dkim.alignment == Alignment::kAligned &&
         (dkim.result == DkimResult::kFail ||
          dkim.result == DkimResult::kPermError ||
          dkim.result == DkimResult::kPolicy);
}

bool MayPass(const DkimFact& dkim) {
  return dkim.alignment != Alignment::kNotAligned &&
         (dkim.result == DkimResult::kPass ||
          dkim.result == DkimResult::kTempError ||
          dkim.result == DkimResult::kNeutral);
}

std::vector<Verdict> Run(const Facts& facts) {
  if (std::none_of(facts.dkim.begin(), facts.dkim.end(), MayPass)) return {};
  std::string detail;
  for (const DkimFact& dkim : facts.dkim) {
    if (!IsBroken(dkim)) continue;
    if (!detail.empty()) detail += ", ";
    detail += dkim.domain + "/" + dkim.selector + ": " + dkim.reason;
  }
  if (detail.empty()) return {};
  return FailsWith(detail);
}

}  // namespace

constinit const Check kDkimOneSignatureBroken = {
    .id = "dkim-one-signature-broken",
    .rules = "S15 S16",
    .summary =
        "One of several signatures of the author's domain does not verify.",
    .cites =
        "senders.yahooinc.com/best-practices: all DMARC-aligned signatures "
        "should pass",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
