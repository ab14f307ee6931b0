// spf-not-passed-bulk: a mailing for which SPF does not pass.
//
// Of bulk senders Google and Outlook.com want a pass of SPF and of DKIM. A fail
// is spf-fail's business.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 27},
     "Your email has been blocked because SPF authentication didn't pass for "
     "this message",
     "support.google.com/a/answer/14229414"},
    {"google",
     421,
     {4, 7, 27},
     "Your email has been rate limited because SPF authentication didn't pass "
     "for this message",
     "support.google.com/a/answer/14229414"},
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: Spf=Fail",
     "Outlook.com postmaster pages"},
};

bool IsWithoutPass(SpfResult result) {
  return result == SpfResult::kSoftfail || result == SpfResult::kNeutral ||
         result == SpfResult::kNone || result == SpfResult::kPermError;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) {
    if (!IsWithoutPass(spf.result)) continue;
    const std::string detail = "SPF of " + spf.domain + " at " + spf.egress +
                               " is " + std::string(ToString(spf.result)) +
                               ": " + spf.reason;
    if (facts.is_bulk) {
      verdicts.push_back(
          {Outcome::kFail, Subject::Egress(spf.egress), detail, spf.fix});
      continue;
    }
    for (const std::string& receiver : facts.bulk_sender_at)
      verdicts.push_back({Outcome::kFail, Subject::Receiver(receiver),
                          detail + "; " + facts.WhyBulkAt(receiver), spf.fix});
  }
  return verdicts;
}

}  // namespace

constinit const Check kSpfNotPassedBulk = {
    .id = "spf-not-passed-bulk",
    .rules = "S02",
    .summary = "SPF does not pass for a mailing.",
    .fix =
        "list our egress in the domain's SPF record; another's domain: set "
        "sender.bounce_domain",
    .cites = "support.google.com/a/answer/81126",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
