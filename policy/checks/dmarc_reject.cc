// dmarc-reject: neither SPF nor DKIM passes in alignment with a p=reject
// author.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "Unauthenticated email from the domain is not accepted due to the "
     "domain's DMARC policy",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not accepted for policy reasons",
     "senders.yahooinc.com/smtp-error-codes"},
    {"outlook",
     550,
     {5, 7, 509},
     "Access denied, sending domain does not pass DMARC verification and has a "
     "DMARC policy of reject",
     "learn.microsoft.com, NDR error codes"},
    {"m365",
     550,
     {5, 7, 509},
     "Access denied, sending domain does not pass DMARC verification and has a "
     "DMARC policy of reject",
     "learn.microsoft.com, NDR error codes"},
    {"united-internet",
     554,
     {5, 7, 1},
     "Reject due to DMARC policy",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     550,
     {5, 7, 1},
     "rejected by DMARC policy",
     "OpenDMARC RejectFailures"},
};

std::string Reason(const Facts& facts, const DmarcOutcome& outcome) {
  std::string reason = "p=reject of " + facts.author_domain->text() + ":";
  for (const SpfFact& spf : facts.spf)
    if (spf.egress == outcome.egress)
      reason += " SPF " + std::string(ToString(spf.result)) + " for " +
                spf.domain +
                (spf.alignment == Alignment::kAligned ? "" : " (not aligned)");
  if (facts.dkim.empty()) reason += ", no DKIM signature";
  for (const DkimFact& dkim : facts.dkim)
    reason += ", DKIM " + std::string(ToString(dkim.result)) + " for " +
              dkim.domain +
              (dkim.alignment == Alignment::kAligned ? "" : " (not aligned)");
  return reason;
}

std::string WhatIsMissing(const Facts& facts, const DmarcDiscovery& discovery) {
  const bool is_policy_known =
      discovery.status == DmarcDiscovery::Status::kFound;
  return is_policy_known && facts.egress.empty()
             ? "no egress address is configured"
             : "DNS did not answer";
}

// One verdict for each receiver that reads the policy this way; without
// recipients one for the message.
void AddVerdicts(Outcome outcome, const DmarcOutcome& at, std::string detail,
                 const Facts& facts, std::vector<Verdict>* verdicts) {
  for (const std::string& receiver : at.receivers)
    verdicts->push_back({outcome, Subject::Receiver(receiver), detail});
  if (facts.recipients.empty() && at.method == DmarcMethod::kTreeWalk)
    verdicts->push_back({outcome, Subject::Message(), std::move(detail)});
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& outcome : facts.dmarc.all) {
    const DmarcDiscovery& discovery = outcome.method == DmarcMethod::kTreeWalk
                                          ? facts.dmarc.tree_walk
                                          : facts.dmarc.public_suffix_list;
    const bool is_moot = discovery.status == DmarcDiscovery::Status::kFound &&
                         discovery.policy != DmarcPolicy::kReject;
    if (is_moot) continue;
    if (outcome.result == DmarcResult::kTempError)
      AddVerdicts(Outcome::kUnknown, outcome,
                  "DMARC of " + facts.author_domain->text() +
                      " cannot be foreseen: " + WhatIsMissing(facts, discovery),
                  facts, &verdicts);
    if (outcome.result == DmarcResult::kFail)
      AddVerdicts(Outcome::kFail, outcome, Reason(facts, outcome), facts,
                  &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kDmarcReject = {
    .id = "dmarc-reject",
    .rules = "S20",
    .summary = "DMARC will fail and the author's domain asks for rejection.",
    .cites = "RFC 9989 s.4.7",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
