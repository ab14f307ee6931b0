// forwarded-dmarc-risk: mail that we send on for an author whose domain asks
// for rejection or quarantine, and whose DMARC will not pass behind us.
//
// What passed by SPF where it came from is lost here; a DKIM signature of the
// author's domain that still holds would have carried it.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

// For p=reject; with p=quarantine the message is taken and filed as spam.
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
    {"apple",
     554,
     {5, 7, 1},
     "Your message was rejected due to the domain's DMARC policy",
     "support.apple.com/102322"},
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
};

const DmarcDiscovery& DiscoveryOf(const DmarcFact& dmarc, DmarcMethod method) {
  return method == DmarcMethod::kTreeWalk ? dmarc.tree_walk
                                          : dmarc.public_suffix_list;
}

std::string DetailOf(const Facts& facts, const DmarcDiscovery& discovery) {
  std::string detail = facts.is_list_traffic ? "list mail" : "forwarded mail";
  detail += " of " + facts.author_domain->text() +
            " (p=" + std::string(ToString(discovery.policy)) + "): SPF is lost";
  bool has_aligned = false;
  for (const DkimFact& dkim : facts.dkim) {
    if (dkim.alignment != Alignment::kAligned) continue;
    has_aligned = true;
    detail +=
        ", DKIM " + std::string(ToString(dkim.result)) + " for " + dkim.domain;
  }
  return has_aligned ? detail : detail + ", no aligned DKIM signature";
}

// One verdict for each receiver that reads the policy this way; without
// recipients one for the message.
void AddVerdicts(const Facts& facts, const DmarcOutcome& at,
                 const Verdict& said, std::vector<Verdict>* verdicts) {
  for (const std::string& receiver : at.receivers)
    verdicts->push_back(
        {said.outcome, Subject::Receiver(receiver), said.detail});
  if (facts.recipients.empty() && at.method == DmarcMethod::kTreeWalk)
    verdicts->push_back(said);
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.is_forwarded || !facts.author_domain) return {};
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& outcome : facts.dmarc.all) {
    const DmarcDiscovery& discovery = DiscoveryOf(facts.dmarc, outcome.method);
    const bool is_found = discovery.status == DmarcDiscovery::Status::kFound;
    if (is_found && discovery.policy == DmarcPolicy::kNone) continue;
    if (outcome.result == DmarcResult::kTempError)
      AddVerdicts(
          facts, outcome,
          {Outcome::kUnknown, Subject::Message(),
           "DMARC of " + facts.author_domain->text() + " cannot be foreseen"},
          &verdicts);
    if (outcome.result == DmarcResult::kFail && is_found)
      AddVerdicts(
          facts, outcome,
          {Outcome::kFail, Subject::Message(), DetailOf(facts, discovery)},
          &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kForwardedDmarcRisk = {
    .id = "forwarded-dmarc-risk",
    .rules = "S24",
    .summary = "DMARC of a strict author does not survive our forwarding.",
    .fix =
        "leave Subject and body as they are, so that DKIM passes; seal "
        "(arc.enabled), or set from.munge_domain",
    .cites = "RFC 7960 s.3.2; RFC 9989 s.4.7",
    .level = Level::kShould,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
