// list-unsubscribe-unsigned: one-click unsubscribe that no passing signature
// covers, so that receivers do not offer it.

#include <algorithm>
#include <string_view>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

bool Covers(const DkimFact& dkim, std::string_view name) {
  return std::find(dkim.signed_headers.begin(), dkim.signed_headers.end(),
                   name) != dkim.signed_headers.end();
}

// Our own signature covers both whenever they are there.
bool MayCoverBoth(const DkimFact& dkim) {
  const bool may_pass = dkim.result == DkimResult::kPass ||
                        dkim.result == DkimResult::kTempError ||
                        dkim.result == DkimResult::kNeutral;
  return may_pass && (dkim.is_ours || (Covers(dkim, "list-unsubscribe") &&
                                       Covers(dkim, "list-unsubscribe-post")));
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_bulk ||
      facts.message->header.Count("List-Unsubscribe-Post") == 0)
    return {};
  if (std::any_of(facts.dkim.begin(), facts.dkim.end(), MayCoverBoth))
    return {};
  return FailsWith(facts.dkim.empty()
                       ? "no DKIM signature"
                       : "no signature that passes names List-Unsubscribe and "
                         "List-Unsubscribe-Post in h=");
}

}  // namespace

constinit const Check kListUnsubscribeUnsigned = {
    .id = "list-unsubscribe-unsigned",
    .rules = "S14 B03",
    .summary =
        "One-click unsubscribe is not covered by a DKIM signature that passes.",
    .fix =
        "sign here (signing.domains), or have the signer name both "
        "List-Unsubscribe fields in h=",
    .cites = "RFC 8058 s.4",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
