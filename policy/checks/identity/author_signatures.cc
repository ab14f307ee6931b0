#include "policy/checks/identity/author_signatures.h"

#include <algorithm>

namespace postern {
namespace {

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

}  // namespace

bool MayStandForAuthor(const Facts& facts) {
  return std::any_of(facts.dkim.begin(), facts.dkim.end(), MayPass);
}

std::string BrokenAuthorSignatures(const Facts& facts) {
  std::string broken;
  for (const DkimFact& dkim : facts.dkim) {
    if (!IsBroken(dkim)) continue;
    if (!broken.empty()) broken += ", ";
    broken += dkim.domain + "/" + dkim.selector + ": " + dkim.reason;
  }
  return broken;
}

}  // namespace postern
