#include "policy/checks/identity/dmarc_verdicts.h"

#include <algorithm>
#include <utility>

namespace postern {
namespace {

// A pass that does not align helps nobody; what is not known may.
Vouched Weigh(bool is_pass, bool is_unknown, Alignment alignment) {
  if (alignment == Alignment::kNotAligned || (!is_pass && !is_unknown))
    return Vouched::kNo;
  return is_pass && alignment == Alignment::kAligned ? Vouched::kYes
                                                     : Vouched::kUnknown;
}

std::string WhatIsMissing(const Facts& facts, const DmarcDiscovery& discovery) {
  if (discovery.status != DmarcDiscovery::Status::kFound)
    return "DNS did not answer";
  if (facts.egress.empty()) return "no egress address is configured";
  for (const DkimFact& dkim : facts.dkim)
    if (dkim.result == DkimResult::kNeutral)
      return "DKIM of " + dkim.domain + ": " + dkim.reason;
  return "DNS did not answer";
}

std::string Policy(const DmarcDiscovery& discovery, const Facts& facts) {
  std::string text = "p=" + std::string(ToString(discovery.policy)) + " of " +
                     facts.author_domain->text();
  if (discovery.found_at && *discovery.found_at != *facts.author_domain)
    text += " (at " + discovery.found_at->text() + ")";
  return text;
}

}  // namespace

Vouched VouchedAt(const Facts& facts, const DmarcOutcome& at) {
  std::vector<Vouched> all;
  for (const SpfFact& spf : facts.spf)
    if (spf.egress == at.egress)
      all.push_back(Weigh(spf.result == SpfResult::kPass,
                          spf.result == SpfResult::kTempError,
                          AlignmentBy(spf, at.method)));
  if (facts.spf.empty()) all.push_back(Vouched::kUnknown);  // no egress known
  for (const DkimFact& dkim : facts.dkim)
    all.push_back(Weigh(dkim.result == DkimResult::kPass,
                        dkim.result == DkimResult::kTempError ||
                            dkim.result == DkimResult::kNeutral,
                        AlignmentBy(dkim, at.method)));
  for (const Vouched best : {Vouched::kYes, Vouched::kUnknown})
    if (std::find(all.begin(), all.end(), best) != all.end()) return best;
  return Vouched::kNo;
}

std::string Authentication(const Facts& facts, const DmarcOutcome& at) {
  std::string text;
  for (const SpfFact& spf : facts.spf) {
    if (spf.egress != at.egress) continue;
    text += "SPF " + std::string(ToString(spf.result)) + " for " + spf.domain +
            " at " + spf.egress;
    if (AlignmentBy(spf, at.method) != Alignment::kAligned)
      text += " (not aligned)";
  }
  if (text.empty()) text = "SPF unknown";
  if (facts.dkim.empty()) text += ", no DKIM signature";
  for (const DkimFact& dkim : facts.dkim) {
    text +=
        ", DKIM " + std::string(ToString(dkim.result)) + " for " + dkim.domain;
    if (AlignmentBy(dkim, at.method) != Alignment::kAligned)
      text += " (not aligned)";
  }
  return text;
}

bool DemandsMoreOfBulk(std::string_view receiver) {
  return receiver == "google" || receiver == "yahoo" || receiver == "outlook" ||
         receiver == "apple";
}

void AddVerdicts(const Facts& facts, const DmarcOutcome& at,
                 Concerned concerned, const Verdict& verdict,
                 std::vector<Verdict>* verdicts) {
  const auto is_told = [concerned](bool demands_more) {
    return concerned == Concerned::kAll ||
           demands_more == (concerned == Concerned::kBulkReceivers);
  };
  for (const std::string& receiver : at.receivers) {
    const bool demands_more =
        DemandsMoreOfBulk(receiver) && facts.IsBulkAt(receiver);
    if (!is_told(demands_more)) continue;
    std::string detail = verdict.detail;
    if (demands_more && !facts.is_bulk)
      detail += "; " + facts.WhyBulkAt(receiver);
    verdicts->push_back(
        {verdict.outcome, Subject::Receiver(receiver), std::move(detail)});
  }
  const bool is_of_message =
      facts.recipients.empty() && at.method == DmarcMethod::kTreeWalk;
  if (is_of_message && is_told(facts.is_bulk))
    verdicts->push_back({verdict.outcome, Subject::Message(), verdict.detail});
}

std::vector<Verdict> DmarcFailures(const Facts& facts,
                                   std::initializer_list<DmarcPolicy> policies,
                                   Concerned concerned) {
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& outcome : facts.dmarc.all) {
    const DmarcDiscovery& discovery = facts.dmarc.By(outcome.method);
    // While the policy is not known it may be any.
    const bool is_moot = discovery.status == DmarcDiscovery::Status::kFound &&
                         std::find(policies.begin(), policies.end(),
                                   discovery.policy) == policies.end();
    if (is_moot) continue;
    if (outcome.result == DmarcResult::kFail)
      AddVerdicts(facts, outcome, concerned,
                  {.detail = Policy(discovery, facts) + ": " +
                             Authentication(facts, outcome)},
                  &verdicts);
    if (outcome.result == DmarcResult::kTempError)
      AddVerdicts(
          facts, outcome, concerned,
          {.outcome = Outcome::kUnknown,
           .detail = "DMARC of " + facts.author_domain->text() +
                     " cannot be foreseen: " + WhatIsMissing(facts, discovery)},
          &verdicts);
  }
  return verdicts;
}

}  // namespace postern
