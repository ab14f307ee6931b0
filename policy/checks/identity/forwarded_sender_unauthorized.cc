// forwarded-sender-unauthorized: forwarded mail under a sender whose domain
// forbids our egress.
//
// Without another sender it is refused where SPF alone decides; that refusal is
// spf-fail's business.

#include <string>

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
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_forwarded) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) {
    const std::string where =
        "forwarded for " + spf.domain + ", SPF at " + spf.egress + ": ";
    if (spf.result == SpfResult::kTempError)
      verdicts.push_back({Outcome::kUnknown, Subject::Egress(spf.egress),
                          where + "DNS did not answer"});
    if (spf.result == SpfResult::kFail)
      verdicts.push_back(
          {Outcome::kFail, Subject::Egress(spf.egress), where + spf.reason});
  }
  return verdicts;
}

}  // namespace

constinit const Check kForwardedSenderUnauthorized = {
    .id = "forwarded-sender-unauthorized",
    .rules = "S33",
    .summary = "Forwarded under a sender whose domain forbids our egress.",
    .fix =
        "send forwarded mail under a sender of yours: sender.bounce_domain, "
        "sender.rewrite = \"srs\"",
    .cites = "RFC 7208 s.2.6.4, RFC 7960 s.3.2.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
