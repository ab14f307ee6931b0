// forwarded-sender-unproven: forwarded mail under a sender for whom SPF says
// nothing good at our egress: softfail, neutral, none or permerror.
//
// Nobody refuses for that alone; it leaves the DKIM signature as the only hope.
// Unanswered look-ups are reported by forwarded-sender-unauthorized.

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
};

bool IsUnproven(SpfResult result) {
  switch (result) {
    case SpfResult::kSoftfail:
    case SpfResult::kNeutral:
    case SpfResult::kNone:
    case SpfResult::kPermError:
      return true;
    case SpfResult::kPass:
    case SpfResult::kFail:
    case SpfResult::kTempError:
      return false;
  }
  return false;
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_forwarded) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf)
    if (IsUnproven(spf.result))
      verdicts.push_back({Outcome::kFail, Subject::Egress(spf.egress),
                          "forwarded for " + spf.domain + ", SPF at " +
                              spf.egress + " is " +
                              std::string(ToString(spf.result))});
  return verdicts;
}

}  // namespace

constinit const Check kForwardedSenderUnproven = {
    .id = "forwarded-sender-unproven",
    .rules = "S33 S02",
    .summary = "Forwarded under a sender for whom SPF does not pass.",
    .fix =
        "send forwarded mail under a sender of yours: sender.bounce_domain, "
        "sender.rewrite = \"srs\"",
    .cites = "support.google.com/a/answer/175365; RFC 7960 s.3.2.1",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
