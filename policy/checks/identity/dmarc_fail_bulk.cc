// dmarc-fail-bulk: a mailing that fails DMARC, at receivers that ask every
// mailing to pass, whatever the policy.
//
// p=reject is dmarc-reject's business.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "bulk mail: the From: header is not aligned with SPF or DKIM",
     "support.google.com/a/answer/3726730"},
    {"google",
     421,
     {4, 7, 32},
     "bulk mail: the domain in the From: header isn't aligned with either the "
     "authenticated SPF or DKIM organizational domain",
     "support.google.com/a/answer/3726730"},
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: DMARC=Fail",
     "Outlook.com postmaster pages: requirements for high-volume senders"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/best-practices and smtp-error-codes"},
    {"apple",
     554,
     {5, 7, 1},
     "rejected due to local policy: all requirements must be met",
     "support.apple.com/102322"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts =
      DmarcFailures(facts, {DmarcPolicy::kNone, DmarcPolicy::kQuarantine},
                    Concerned::kBulkReceivers);
  // Without a record, or while that is not known: dmarc-missing-bulk.
  if (facts.dmarc.tree_walk.status == DmarcDiscovery::Status::kTempError)
    std::erase_if(verdicts, [](const Verdict& verdict) {
      return verdict.outcome == Outcome::kUnknown;
    });
  return verdicts;
}

}  // namespace

constinit const Check kDmarcFailBulk = {
    .id = "dmarc-fail-bulk",
    .rules = "S22",
    .summary = "A mailing that fails DMARC.",
    .fix =
        "your domain: sign for it (signing.domains); another's: send From "
        "yours, theirs in Reply-To",
    .cites =
        "support.google.com/a/answer/81126; "
        "senders.yahooinc.com/best-practices",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
