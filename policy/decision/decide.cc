#include "policy/decision/decide.h"

#include <algorithm>
#include <map>

#include "policy/decision/explain.h"

namespace postern {
namespace {

CheckPolicy PolicyFor(const Check& check, const Facts& facts,
                      const Config& config) {
  return PolicyOf(check.id, config, facts.stream.config);
}

// Where mending did not help. Unless the operator says more, a hold is for a
// must: where nobody is documented to refuse, the message goes as it is.
Action Otherwise(const Finding& finding, const CheckPolicy& policy) {
  if (policy.otherwise) return *policy.otherwise;
  const Action otherwise = finding.judged_by->otherwise;
  const bool is_must = finding.level == Level::kMust;
  return otherwise == Action::kHold && !is_must ? Action::kObserve : otherwise;
}

// In mode enforce, of a finding that mending did not remove.
Action EnforcedAction(const Finding& finding, const Facts& facts,
                      const Config& config) {
  if (finding.judged_by == nullptr) return finding.action;  // a limit
  const Check& check = *finding.judged_by;
  const CheckPolicy policy = PolicyFor(check, facts, config);
  Action action = ConfiguredAction(check, facts, config);
  if (finding.outcome == Outcome::kUnknown) return config.on_unknown;
  if (action == Action::kMend) action = Otherwise(finding, policy);
  const bool is_refusal = action == Action::kDefer || action == Action::kReject;
  if (!is_refusal) return action;
  // A notice may be held, never deferred or rejected. By default nothing is
  // refused on behalf of a receiver that is not known to refuse it.
  const bool is_foreseen = check.predicts.empty() || !finding.predicts.empty();
  // The operator has said himself what this check does.
  const bool is_configured = policy.action || policy.otherwise;
  const bool is_wanted = is_foreseen || is_configured;
  if (finding.level == Level::kNotice || !is_wanted) return Action::kObserve;
  return action;
}

struct Worst {
  Disposition disposition = Disposition::kAccept;
  const Finding* finding = nullptr;

  void Take(const Finding& other) {
    const Disposition theirs = DispositionOf(other.action);
    if (theirs <= disposition) return;
    disposition = theirs;
    finding = &other;
  }
};

std::optional<Reply> ReplyOf(const Worst& worst) {
  const bool is_refused = worst.disposition == Disposition::kDefer ||
                          worst.disposition == Disposition::kReject;
  if (!is_refused) return std::nullopt;
  return ReplyFor(*worst.finding, worst.disposition);
}

}  // namespace

Disposition DispositionOf(Action action) {
  switch (action) {
    case Action::kReject:
      return Disposition::kReject;
    case Action::kDefer:
      return Disposition::kDefer;
    case Action::kHold:
      return Disposition::kHold;
    case Action::kOff:
    case Action::kObserve:
    case Action::kMend:
      return Disposition::kAccept;
  }
  return Disposition::kAccept;
}

std::string_view ToString(Disposition disposition) {
  switch (disposition) {
    case Disposition::kAccept:
      return "accept";
    case Disposition::kHold:
      return "hold";
    case Disposition::kDefer:
      return "defer";
    case Disposition::kReject:
      return "reject";
  }
  return "?";
}

Action ConfiguredAction(const Check& check, const Facts& facts,
                        const Config& config) {
  // Some stream may say otherwise: asked again when the header is there.
  const auto says = [&](const StreamConfig& stream) {
    return stream.checks.contains(check.id);
  };
  if (facts.stream.is_undecided && std::ranges::any_of(config.streams, says))
    return Action::kObserve;
  return PolicyFor(check, facts, config).action.value_or(check.action);
}

void SettleActions(const Facts& facts, const Config& config,
                   std::span<const std::string> waived,
                   std::vector<Finding>* findings) {
  std::erase_if(*findings, [&](const Finding& finding) {
    return finding.judged_by != nullptr &&
           ConfiguredAction(*finding.judged_by, facts, config) == Action::kOff;
  });
  for (Finding& finding : *findings) {
    if (finding.is_mended) continue;  // keeps kMend
    const bool is_waived =
        std::find(waived.begin(), waived.end(), finding.check) != waived.end();
    const bool is_observed =
        config.mode != Mode::kEnforce || facts.is_mta_bounce || is_waived;
    finding.action =
        is_observed ? Action::kObserve : EnforcedAction(finding, facts, config);
  }
}

Decision Decide(const Facts& facts, const Config& config,
                std::vector<Finding> findings) {
  Decision decision;
  decision.mode = config.mode;
  decision.stream = facts.stream.name;
  std::map<std::string_view, Worst> by_recipient;
  Worst worst;
  for (const Finding& finding : findings) {
    if (finding.is_mended) continue;
    worst.Take(finding);
    for (const std::string& recipient : finding.recipients)
      by_recipient[recipient].Take(finding);
  }
  bool may_some_go =
      facts.recipients.empty() && worst.disposition == Disposition::kAccept;
  for (const RecipientFact& recipient : facts.recipients) {
    const Worst& own = by_recipient[recipient.address];
    decision.recipients.push_back(
        {recipient.address, recipient.receiver, own.disposition, ReplyOf(own)});
    may_some_go |= own.disposition == Disposition::kAccept;
  }
  if (!may_some_go) {
    decision.disposition = worst.disposition;
    decision.reply = ReplyOf(worst);
  } else {
    // No reply can be given to one recipient at end of message: what may not go
    // waits, and nobody's copy is lost.
    for (RecipientDecision& recipient : decision.recipients) {
      if (recipient.disposition == Disposition::kAccept) continue;
      recipient.disposition = Disposition::kHold;
      decision.held_recipients.push_back(recipient.address);
    }
  }
  decision.findings = std::move(findings);
  return decision;
}

}  // namespace postern
