// no-authentication: a message that nothing vouches for.
//
//
// An SPF fail is spf-fail's business.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "This mail has been blocked because the sender is unauthenticated. Gmail "
     "requires all senders to authenticate with either SPF or DKIM",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     550,
     {5, 7, 9},
     "This mail has been blocked because the sender is unauthenticated, "
     "requires SPF or DKIM",
     "senders.yahooinc.com/smtp-error-codes"},
};

// A DKIM signature passes, or nobody knows yet.
bool HasHope(const Facts& facts) {
  return std::any_of(facts.dkim.begin(), facts.dkim.end(),
                     [](const DkimFact& dkim) {
                       return dkim.result == DkimResult::kPass ||
                              dkim.result == DkimResult::kTempError;
                     });
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.has_content || HasHope(facts)) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) {
    const bool is_bare = spf.result == SpfResult::kNone ||
                         spf.result == SpfResult::kNeutral ||
                         spf.result == SpfResult::kSoftfail ||
                         spf.result == SpfResult::kPermError;
    if (is_bare)
      verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                          "SPF of " + spf.domain + " is " +
                              std::string(ToString(spf.result)) +
                              ", no DKIM signature will pass"});
  }
  return verdicts;
}

}  // namespace

constinit const Check kNoAuthentication = {
    .id = "no-authentication",
    .rules = "S03",
    .summary = "Neither SPF nor DKIM will pass.",
    .cites = "support.google.com/a/answer/81126; senders.yahooinc.com",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
