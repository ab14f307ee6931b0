#include "policy/decision/findings.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "policy/checks/catalogue.h"

namespace postern {
namespace {

// Where the recipients stand that a subject can be about: each address once,
// however often the envelope names it. Built once, so that ten thousand
// verdicts about ten thousand recipients stay cheap.
class Places {
 public:
  explicit Places(const Facts& facts) : egress_(facts.egress) {
    for (std::size_t i = 0; i < facts.recipients.size(); ++i) {
      const RecipientFact& recipient = facts.recipients[i];
      if (!by_address_.emplace(recipient.address, i).second) continue;
      all_.push_back(i);
      by_receiver_[recipient.receiver].push_back(i);
    }
  }

  void Add(const Subject& subject, std::set<std::size_t>* places) const {
    switch (subject.kind) {
      case Subject::Kind::kMessage:
        places->insert(all_.begin(), all_.end());
        return;
      case Subject::Kind::kEgress:
        AddEgress(subject.name, places);
        return;
      case Subject::Kind::kRecipient:
        if (const auto it = by_address_.find(subject.name);
            it != by_address_.end())
          places->insert(it->second);
        return;
      case Subject::Kind::kReceiver:
        if (const auto it = by_receiver_.find(subject.name);
            it != by_receiver_.end())
          places->insert(it->second.begin(), it->second.end());
        return;
    }
  }

 private:
  // Whom the routes with this address reach: everybody, unless they say whom.
  void AddEgress(const std::string& address,
                 std::set<std::size_t>* places) const {
    bool is_for_all = true;
    for (const EgressFact& egress : egress_) {
      if (egress.address.ToString() != address) continue;
      is_for_all = egress.way == nullptr || egress.way->receivers.empty();
      if (is_for_all) break;
      for (const std::string& receiver : egress.way->receivers)
        Add(Subject::Receiver(receiver), places);
    }
    if (is_for_all) places->insert(all_.begin(), all_.end());
  }

  const std::vector<EgressFact>& egress_;
  std::vector<std::size_t> all_;
  std::unordered_map<std::string_view, std::size_t> by_address_;
  std::map<std::string_view, std::vector<std::size_t>> by_receiver_;
};

bool Names(const Check& check, std::string_view receiver) {
  return std::any_of(check.predicts.begin(), check.predicts.end(),
                     [&](const PredictedReply& reply) {
                       return reply.receiver == "any" ||
                              reply.receiver == receiver;
                     });
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
  finding.fix = verdict.fix;
  // What helps against a fault may be wrong where none is known of.
  if (finding.fix.empty() && verdict.outcome == Outcome::kFail)
    finding.fix = check.fix;
  if (verdict.subject.kind == Subject::Kind::kEgress)
    finding.egress = verdict.subject.name;
  return finding;
}

// Verdicts of one check that say the same, in the order they came.
struct Said {
  const Verdict* verdict = nullptr;
  std::vector<const Subject*> subjects;
};

std::vector<Said> Grouped(const std::vector<Verdict>& verdicts) {
  std::vector<Said> groups;
  using Words =
      std::tuple<Outcome, std::string_view, std::string_view, std::string_view>;
  std::map<Words, std::size_t> known;
  for (const Verdict& verdict : verdicts) {
    const bool is_egress = verdict.subject.kind == Subject::Kind::kEgress;
    const Words words{verdict.outcome, verdict.detail, verdict.fix,
                      is_egress ? verdict.subject.name : std::string_view()};
    const auto [it, is_new] = known.emplace(words, groups.size());
    if (is_new) groups.push_back({&verdict, {}});
    groups[it->second].subjects.push_back(&verdict.subject);
  }
  return groups;
}

// One finding for the recipients whose receivers are documented to refuse
// this, one for the others.
void AddFindings(const Facts& facts, const Places& places, const Check& check,
                 const Said& said, std::vector<Finding>* findings) {
  std::set<std::size_t> concerned;
  for (const Subject* subject : said.subjects) places.Add(*subject, &concerned);
  for (const bool is_named : {true, false}) {
    Finding finding = FindingOf(check, *said.verdict);
    std::set<std::string> receivers;
    for (const std::size_t place : concerned) {
      const RecipientFact& recipient = facts.recipients[place];
      if (Names(check, recipient.receiver) != is_named) continue;
      finding.recipients.push_back(recipient.address);
      receivers.insert(recipient.receiver);
    }
    const bool is_whole = concerned.empty() && is_named;
    if (finding.recipients.empty() && !is_whole) continue;
    for (const PredictedReply& reply : check.predicts)
      if (is_whole || reply.receiver == "any" ||
          receivers.contains(std::string(reply.receiver)))
        finding.predicts.push_back(reply);
    finding.level = LevelAt(check, is_named);
    finding.receivers.assign(receivers.begin(), receivers.end());
    findings->push_back(std::move(finding));
  }
}

}  // namespace

std::vector<Finding> RunChecks(const Facts& facts, Corridor corridor) {
  const Places places(facts);
  std::vector<Finding> findings;
  for (const Check* check : Catalogue()) {
    if (corridor == Corridor::kRecipient && !check->at_rcpt) continue;
    const std::vector<Verdict> verdicts = check->run(facts);
    for (const Said& said : Grouped(verdicts))
      AddFindings(facts, places, *check, said, &findings);
  }
  return findings;
}

}  // namespace postern
