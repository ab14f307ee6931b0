// dmarc-missing-bulk: a mailing whose author's domain publishes no DMARC record
// that can be used.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 40},
     "bulk mail: the sending domain doesn't have a DMARC record, or the record "
     "doesn't specify a DMARC policy",
     "support.google.com/a/answer/3726730"},
    {"google",
     421,
     {4, 7, 31},
     "bulk mail: the sending domain has no DMARC record",
     "support.google.com/a/answer/14229414"},
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: DMARC=None",
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
  std::vector<Verdict> verdicts;
  if (!facts.author_domain) return verdicts;
  for (const DmarcOutcome& at : facts.dmarc.all) {
    const DmarcDiscovery& discovery = facts.dmarc.By(at.method);
    const std::string& author = facts.author_domain->text();
    if (discovery.status == DmarcDiscovery::Status::kFound) continue;
    const bool is_unknown =
        discovery.status == DmarcDiscovery::Status::kTempError;
    Verdict verdict{.detail = "no record for " + author};
    if (!discovery.fault.empty()) verdict.detail = discovery.fault;
    if (is_unknown)
      verdict = {.outcome = Outcome::kUnknown,
                 .detail = "DNS did not answer for the record of " + author};
    AddVerdicts(facts, at, Concerned::kBulkReceivers, verdict, &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kDmarcMissingBulk = {
    .id = "dmarc-missing-bulk",
    .rules = "S19",
    .summary = "A mailing whose author's domain has no DMARC record.",
    .fix =
        "publish TXT at _dmarc.DOMAIN: v=DMARC1; p=none; rua=mailto:ADDRESS "
        "(p=none is enough)",
    .cites =
        "support.google.com/a/answer/81126; "
        "senders.yahooinc.com/best-practices; support.apple.com/102322",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
