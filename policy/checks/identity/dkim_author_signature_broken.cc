// dkim-author-signature-broken: the author's domain signed the message,
// somebody changed it since, and no other signature stands for the author.
//
// Who changed it stands in nobody's way to send: what DMARC makes of it is for
// the checks of DMARC to say.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 5},
     "(AU01) invalid DKIM signature",
     "senders.yahooinc.com/smtp-error-codes"},
};

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
  if (std::any_of(facts.dkim.begin(), facts.dkim.end(), MayPass)) return {};
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

constinit const Check kDkimAuthorSignatureBroken = {
    .id = "dkim-author-signature-broken",
    .rules = "S15",
    .summary =
        "The signature of the author's domain on the message does not verify.",
    .cites = "RFC 6376 s.6.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
