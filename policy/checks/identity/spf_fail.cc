// spf-fail: the sender's domain forbids the address that we would use.
//
// The EHLO name of a null sender is spf-helo-fail's business; an unanswered
// look-up is reported by spf-temperror.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "This mail has been blocked because the sender is unauthenticated: SPF "
     "did not pass",
     "support.google.com/a/answer/3726730"},
    {"united-internet",
     550,
     {5, 7, 23},
     "Reject due to SPF policy",
     "postmaster.gmx.net, error code list"},
    {"m365",
     550,
     {5, 7, 23},
     "The message was rejected because of Sender Policy Framework violation",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: Spf=Fail",
     "Outlook.com postmaster pages"},
    {"qq",
     550,
     {5, 7, 1},
     "SPF check failed",
     "service.mail.qq.com: bounce codes"},
    {"mimecast",
     550,
     {5, 7, 1},
     "SPF Sender Invalid - envelope rejected",
     "community.mimecast.com: SMTP error codes"},
    {"selfhost", 550, {5, 7, 23}, "SPF validation failed", "RFC 7372 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (spf.result == SpfResult::kFail && !spf.is_helo_identity)
      verdicts.push_back(
          {Outcome::kFail, Subject::Egress(spf.egress),
           "SPF of " + spf.domain + " at " + spf.egress + ": " + spf.reason,
           spf.fix});
  return verdicts;
}

}  // namespace

constinit const Check kSpfFail = {
    .id = "spf-fail",
    .rules = "S01",
    .summary = "SPF says that our egress may not send for the envelope sender.",
    .fix =
        "list our egress in the domain's SPF record; another's domain: set "
        "sender.bounce_domain",
    .cites = "RFC 7208 s.2.6.4",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
