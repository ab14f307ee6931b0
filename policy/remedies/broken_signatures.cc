// Signatures of the author's domain that do not verify any more are taken off
// where ours stand for the author instead: some receivers want every aligned
// signature to pass (senders.yahooinc.com/best-practices).

#include <algorithm>
#include <set>
#include <string>

#include "policy/base/text.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

bool SignsForAuthor(const DkimFact& dkim) {
  return dkim.is_ours && dkim.result == DkimResult::kPass &&
         dkim.alignment == Alignment::kAligned;
}

bool IsBroken(const DkimFact& dkim) {
  return dkim.alignment == Alignment::kAligned &&
         (dkim.result == DkimResult::kFail ||
          dkim.result == DkimResult::kPermError ||
          dkim.result == DkimResult::kPolicy);
}

// The facts of those already there stand in the order of their fields.
std::set<std::string> BrokenValues(const Facts& facts) {
  std::set<std::string> values;
  auto fact = facts.dkim.begin();
  for (const HeaderField& field : facts.message->header.fields()) {
    if (!EqualsIgnoreCase(Trim(field.name), "DKIM-Signature")) continue;
    if (fact == facts.dkim.end() || fact->is_ours) break;
    if (IsBroken(*fact)) values.insert(field.value);
    ++fact;
  }
  return values;
}

}  // namespace

bool RemoveBrokenSignatures(const Facts& facts, Message* message) {
  const bool signs =
      std::any_of(facts.dkim.begin(), facts.dkim.end(), SignsForAuthor);
  // ARC covers the signatures that were there when it was sealed
  // (RFC 8617 s.4.1.2).
  const bool is_covered = facts.IsFieldCovered("DKIM-Signature") ||
                          message->header.Count("ARC-Seal") > 0;
  if (!signs || is_covered) return false;
  const std::set<std::string> broken = BrokenValues(facts);
  return message->header.RemoveIf("DKIM-Signature",
                                  [&](const HeaderField& field) {
                                    return broken.contains(field.value);
                                  }) > 0;
}

}  // namespace postern
