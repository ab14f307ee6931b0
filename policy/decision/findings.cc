#include "policy/decision/findings.h"

#include <algorithm>
#include <set>

#include "policy/checks/catalogue.h"

namespace postern {
namespace {

bool Concerns(const Subject& subject, const RecipientFact& recipient) {
  switch (subject.kind) {
    case Subject::Kind::kMessage:
    case Subject::Kind::kEgress:
      return true;
    case Subject::Kind::kRecipient:
      return recipient.address == subject.name;
    case Subject::Kind::kReceiver:
      return recipient.receiver == subject.name;
  }
  return false;
}

bool IsFor(const PredictedReply& reply,
           const std::set<std::string>& receivers) {
  return reply.receiver == "any" || receivers.empty() ||
         receivers.contains(std::string(reply.receiver));
}

// The rule base's severity holds for the receivers it names; elsewhere it is
// one step lower.
Level LevelAt(const Check& check, bool is_named) {
  if (is_named || check.predicts.empty()) return check.level;
  return check.level == Level::kMust ? Level::kShould : Level::kNotice;
}

Finding FindingOf(const Check& check, const Verdict& verdict) {
  Finding finding;
  finding.check = check.id;
  finding.rules = check.rules;
  finding.judged_by = &check;
  finding.outcome = verdict.outcome;
  finding.detail = verdict.detail;
  if (verdict.subject.kind == Subject::Kind::kEgress)
    finding.egress = verdict.subject.name;
  return finding;
}

bool SaysTheSame(const Finding& finding, const Verdict& verdict) {
  const bool is_egress = verdict.subject.kind == Subject::Kind::kEgress;
  return finding.outcome == verdict.outcome &&
         finding.detail == verdict.detail &&
         finding.egress == (is_egress ? verdict.subject.name : "");
}

void AddRecipients(const Facts& facts, const Subject& subject,
                   Finding* finding) {
  for (const RecipientFact& recipient : facts.recipients)
    if (Concerns(subject, recipient))
      finding->recipients.push_back(recipient.address);
}

void AddReceivers(const Facts& facts, Finding* finding) {
  const std::set<std::string_view> concerned(finding->recipients.begin(),
                                             finding->recipients.end());
  std::set<std::string> receivers;
  for (const RecipientFact& recipient : facts.recipients)
    if (concerned.contains(recipient.address))
      receivers.insert(recipient.receiver);
  for (const PredictedReply& reply : finding->judged_by->predicts)
    if (IsFor(reply, receivers)) finding->predicts.push_back(reply);
  finding->level = LevelAt(*finding->judged_by, !finding->predicts.empty());
  finding->receivers.assign(receivers.begin(), receivers.end());
}

}  // namespace

std::vector<Finding> RunChecks(const Facts& facts, Corridor corridor) {
  std::vector<Finding> findings;
  for (const Check* check : Catalogue()) {
    if (corridor == Corridor::kRecipient && !check->at_rcpt) continue;
    const std::size_t first = findings.size();
    for (const Verdict& verdict : check->run(facts)) {
      const auto begin = findings.begin() + static_cast<std::ptrdiff_t>(first);
      auto same = std::find_if(begin, findings.end(), [&](const Finding& f) {
        return SaysTheSame(f, verdict);
      });
      if (same == findings.end())
        same = findings.insert(same, FindingOf(*check, verdict));
      AddRecipients(facts, verdict.subject, &*same);
    }
    for (std::size_t i = first; i < findings.size(); ++i)
      AddReceivers(facts, &findings[i]);
  }
  return findings;
}

}  // namespace postern
