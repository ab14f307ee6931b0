// The corridors. See gate.h; the walk is told in policy/README.md.

#include "policy/gate.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "policy/base/public_address.h"
#include "policy/base/text.h"
#include "policy/decision/decide.h"
#include "policy/decision/explain.h"
#include "policy/decision/findings.h"
#include "policy/decision/record.h"
#include "policy/facts/gather.h"
#include "policy/limits/bulk_sender.h"
#include "policy/limits/charges.h"
#include "policy/limits/novelty.h"
#include "policy/limits/unusual_mail.h"
#include "policy/mending.h"
#include "policy/message/fold.h"
#include "policy/message/local_uid.h"
#include "policy/signing/forward_seal.h"
#include "policy/signing/signer.h"

namespace postern {
namespace {

// The finding on which the answer to unsigned mail rests.
constexpr std::string_view kUnsignedCheck = "dkim-unsigned";

GatherFrom Source(const GateNeeds& needs, const Rulebook& rulebook,
                  Deadline deadline) {
  return {.config = rulebook.config,
          .keys = *rulebook.keys,
          .dns = *needs.dns,
          .now = needs.clock->Now(),
          .deadline = deadline,
          .egress = needs.egress == nullptr ? nullptr : needs.egress->Get(),
          .advice = needs.advice,
          .is_bulk_sender = BulkSenders(needs.history),
          .content_cache = needs.content_cache,
          .expander = needs.expander};
}

// The keys that receivers can find, or may.
std::vector<KeyInUse> UsableKeys(const SigningPlan& plan) {
  std::vector<KeyInUse> keys;
  for (const SigningPlan::Planned& planned : plan.signatures)
    if (planned.IsUsable()) keys.push_back(planned.key);
  return keys;
}

Action ActionOf(UnsignedMail wanted) {
  switch (wanted) {
    case UnsignedMail::kPass:
      return Action::kObserve;
    case UnsignedMail::kHold:
      return Action::kHold;
    case UnsignedMail::kDefer:
      return Action::kDefer;
    case UnsignedMail::kReject:
      return Action::kReject;
  }
  return Action::kObserve;
}

// What the operator wants of mail that leaves unsigned. Of mail without an
// author, and of the MTA's own bounces, he wants nothing.
Action UnsignedAction(const Facts& facts, const Rulebook& rulebook) {
  if (rulebook.config.mode != Mode::kEnforce || facts.is_mta_bounce ||
      !facts.author_domain)
    return Action::kObserve;
  return ActionOf(rulebook.keys->UnsignedPolicy(*facts.author_domain));
}

// It is his decision, whatever the level of the finding.
void SettleUnsigned(const Facts& facts, const Rulebook& rulebook,
                    std::span<const std::string> waived,
                    std::vector<Finding>* findings) {
  const Action action = UnsignedAction(facts, rulebook);
  for (Finding& finding : *findings) {
    const bool is_waived =
        std::find(waived.begin(), waived.end(), finding.check) != waived.end();
    if (finding.check == kUnsignedCheck && !is_waived)
      finding.action = std::max(finding.action, action);
  }
}

// Found while signing, when everything else was decided: what is done with the
// whole message.
void Decline(Finding finding, Decision* decision) {
  decision->unsigned_reason = finding.detail;
  for (const RecipientDecision& recipient : decision->recipients)
    finding.recipients.push_back(recipient.address);
  if (finding.action != Action::kObserve) {
    decision->edits.clear();
    decision->held_recipients.clear();
    decision->disposition = DispositionOf(finding.action);
    if (finding.action != Action::kHold)
      decision->reply = ReplyFor(finding, decision->disposition);
    for (RecipientDecision& recipient : decision->recipients) {
      recipient.disposition = decision->disposition;
      recipient.reply = decision->reply;
    }
  }
  decision->findings.push_back(std::move(finding));
}

// In the field that the operator named, where nobody's signature forbids it. It
// goes in before our own signatures, which do not cover it.
void AddRecord(const Facts& facts, const Config& config, Decision* decision) {
  const std::string& name = config.record_header;
  if (name.empty() || facts.IsFieldCovered(name)) return;
  std::string host = config.hostname;
  if (host.empty()) host = facts.message->submission.mta_name;
  if (host.empty()) host = "localhost";
  const std::optional<std::string> value =
      FoldValue(name, host + "; " + decision->authentication);
  if (value) decision->edits.push_back(InsertHeader{name, " " + *value});
}

// What the operator wants to know at once: an account or a host of his is in
// somebody else's hands.
bool TellsOfAbuse(const Finding& finding, const Submission& submission) {
  if (finding.outcome != Outcome::kFail) return false;
  if (finding.check == "malware") return true;
  return !submission.login.empty() && (finding.check == "credential-phishing" ||
                                       finding.check == "scam-phrases");
}

// The last word: signatures over what leaves, and the edits that make it so.
void SignAndEdit(const Message& received, const Judged& judged,
                 const Rulebook& rulebook, const GatherFrom& from,
                 Decision* decision) {
  const Facts& facts = judged.facts;
  const std::vector<KeyInUse> keys = UsableKeys(facts.signing);
  decision->unsigned_reason = facts.signing.unsigned_reason;
  if (decision->disposition != Disposition::kAccept) {
    if (decision->unsigned_reason.empty())
      decision->unsigned_reason = "not sent";
    return;
  }
  decision->edits = EditsBetween(received, decision->message);
  decision->changes = ChangeRecord(decision->edits, judged.links_changed);
  AddRecord(facts, from.config, decision);
  for (const std::string& address : decision->held_recipients)
    decision->edits.push_back(DeleteRecipient{address});
  for (Edit& edit : EditsForRoute(decision->message, from.config.egress,
                                  decision->held_recipients))
    decision->edits.push_back(std::move(edit));
  if (keys.empty()) return;
  Header header = decision->message.header;
  const Result<std::vector<std::string>> values = SignMessage(
      header, decision->message.body, keys, from.config.signing, from.now);
  if (!values)
    return Decline({.check = "signing-failed",
                    .level = Level::kMust,
                    .action = UnsignedAction(facts, rulebook),
                    .detail = values.error().message},
                   decision);
  for (std::size_t i = values->size(); i > 0; --i)
    header.Prepend("DKIM-Signature", (*values)[i - 1]);
  const SelfCheck::Answer self_check =
      rulebook.self_check->Verify(header, decision->message.body, keys,
                                  {from.dns, from.deadline, from.now});
  // An alarm of our own, in any mode.
  if (self_check.outcome == SelfCheck::Outcome::kMismatch)
    return Decline(
        {.check = "signature-mismatch",
         .level = Level::kMust,
         .action = facts.is_mta_bounce ? Action::kObserve : Action::kDefer,
         .detail = "our own signature does not verify: " + self_check.detail},
        decision);
  for (std::size_t i = values->size(); i > 0; --i) {
    const KeyInUse& key = keys[i - 1];
    decision->edits.push_back(
        InsertHeader{"DKIM-Signature", " " + (*values)[i - 1]});
    const bool is_aligned = std::any_of(
        facts.dkim.begin(), facts.dkim.end(), [&](const DkimFact& fact) {
          return fact.is_ours && fact.domain == key.domain.text() &&
                 fact.alignment == Alignment::kAligned;
        });
    decision->signatures.insert(
        decision->signatures.begin(),
        {key.domain.text(), key.selector,
         std::string(ToString(key.key->algorithm())), is_aligned});
  }
}

// What a limit counts, for whoever waits for it.
void AddCharge(const TransactionLimits& limits, HeldReason* reason) {
  for (const TransactionLimits::Over& over : limits.over) {
    if (over.finding.check != reason->check) continue;
    reason->key = over.charge.key;
    reason->cost = over.charge.cost;
  }
}

// Why anything is held, for the store and for people.
std::vector<HeldReason> ReasonsToHold(const Decision& decision,
                                      const TransactionLimits& limits) {
  std::vector<HeldReason> reasons;
  const bool is_partial = !decision.held_recipients.empty();
  for (const Finding& finding : decision.findings) {
    const bool is_cause = !finding.is_mended &&
                          (finding.action == Action::kHold ||
                           (is_partial && (finding.action == Action::kDefer ||
                                           finding.action == Action::kReject)));
    if (!is_cause) continue;
    const PredictedReply* reply = BestPrediction(finding);
    reasons.push_back({finding.check, finding.detail,
                       reply == nullptr ? "" : ToString(*reply)});
    AddCharge(limits, &reasons.back());
  }
  return reasons;
}

void DropOurs(const Config& config, Message* message) {
  TakeLocalUid(message);
  // Ours alone to say; whoever else wrote them meant to deceive.
  message->header.RemoveAll(kReleaseField);
  message->header.RemoveAll(config.egress_header);
}

// When the last limit that holds it, or some copies, lets it go.
std::optional<TimePoint> FreeAt(const Decision& decision,
                                const TransactionLimits& limits) {
  std::optional<TimePoint> free_at;
  for (const TransactionLimits::Over& over : limits.over)
    if (over.action == Action::kHold ||
        (over.action == Action::kDefer && !decision.held_recipients.empty()))
      free_at = std::max(free_at, over.retry_at);
  return free_at;
}

// More recipients than one message may have: a relay sends those that are put
// off in another one (RFC 5321 s.4.5.3.1.10), where a refusal would bounce.
Reply ForRelay(const Reply& reply) {
  if (reply.enhanced() != EnhancedCode{5, 5, 3}) return reply;
  return Reply::Make(452, {4, 5, 3}, reply.text());
}

}  // namespace

Result<std::shared_ptr<const Rulebook>> MakeRulebook(Config config) {
  auto rulebook = std::make_shared<Rulebook>();
  Result<std::shared_ptr<const KeyRing>> keys = KeyRing::Load(config.signing);
  if (!keys) return std::unexpected(keys.error());
  rulebook->keys = std::move(*keys);
  rulebook->self_check = std::make_shared<SelfCheck>(config.signing);
  Result<std::optional<KeyInUse>> arc_key = LoadArcKey(config.arc);
  if (!arc_key) return std::unexpected(arc_key.error());
  rulebook->arc_key = *std::move(arc_key);
  rulebook->config = std::move(config);
  return rulebook;
}

// Of a login always, of others where a limit asks.
History* Gate::HistoryFor(const Config& config,
                          const Submission& submission) const {
  const bool is_asked =
      std::ranges::any_of(config.limits_in_force, [](const LimitRule& rule) {
        return rule.cost == LimitCost::kNewRecipients ||
               rule.cost == LimitCost::kNewRecipientDomains;
      });
  const bool is_kept = is_asked || !submission.login.empty();
  return is_kept ? needs_.history : nullptr;
}

RecipientAnswer Gate::JudgeRecipient(const Submission& submission,
                                     const Envelope& earlier,
                                     const ForwardPath& recipient,
                                     const Rulebook& rulebook,
                                     TransactionLimits* limits) const {
  const Config& config = rulebook.config;
  auto message = std::make_shared<Message>();
  message->submission = submission;
  message->envelope = {earlier.mail_from, earlier.mail_args, {recipient}};
  const Facts facts = GatherEnvelope(
      message, Source(needs_, rulebook, In(config.milter.rcpt_deadline)));
  RecipientAnswer answer;
  answer.findings = RunChecks(facts, Corridor::kRecipient);
  // "<>" without a login may be a bounce of the MTA's own; Postfix would try a
  // local submission again for ever. Both are judged again at end of message.
  const bool may_refuse = !submission.is_local && !(earlier.mail_from.empty() &&
                                                    submission.login.empty());
  SettleActions(facts, config, {}, &answer.findings);
  for (const Finding& finding : answer.findings) {
    // What is not known is asked again at end of message.
    if (!may_refuse || answer.reply || finding.outcome == Outcome::kUnknown)
      continue;
    if (finding.action == Action::kReject)
      answer.reply = ReplyFor(finding, Disposition::kReject);
    if (finding.action == Action::kDefer)
      answer.reply = ReplyFor(finding, Disposition::kDefer);
  }
  if (answer.reply && !answer.reply->is_transient() &&
      needs_.history != nullptr && !submission.login.empty())
    needs_.history->Refused(HistoryOwner(submission), 1);
  if (answer.reply || needs_.limiter == nullptr) return answer;
  Reserved reserved = ReserveAtRcpt({.limiter = needs_.limiter,
                                     .config = config,
                                     .submission = submission,
                                     .waived = {},
                                     .history = HistoryFor(config, submission),
                                     .lines = needs_.lines},
                                    facts, limits);
  if (!reserved.over) Observe(reserved.findings, limits);
  for (Finding& finding : reserved.findings)
    answer.findings.push_back(std::move(finding));
  if (!reserved.over) return answer;
  const TransactionLimits::Over& over = *reserved.over;
  answer.findings.push_back(over.finding);
  // What comes back from the held store comes from this host as well; it is
  // known for what it is when its header is there, and pays then.
  const bool may_be_released = submission.login.empty() &&
                               submission.client_address &&
                               IsLoopback(*submission.client_address);
  if (!may_refuse || may_be_released || over.action == Action::kHold) {
    Observe(reserved.findings, limits);
    PutOff(over, limits);
  } else {
    answer.reply = ReplyFor(over.finding, over.action == Action::kDefer
                                              ? Disposition::kDefer
                                              : Disposition::kReject);
    if (!IsPersonal(submission)) answer.reply = ForRelay(*answer.reply);
  }
  return answer;
}

Judgement Gate::JudgeMessage(Message message, const Rulebook& rulebook,
                             const std::optional<ReleasePass>& pass,
                             TransactionLimits* limits,
                             Deadline deadline) const {
  const Config& config = rulebook.config;
  GatherFrom from = Source(needs_, rulebook, deadline);
  from.expand_until = In(config.links.expand_time);
  const Message received = message;
  DropOurs(config, &message);
  static const std::vector<std::string> kNothing;
  const std::vector<std::string>& waived =
      pass ? pass->waived_checks : kNothing;
  if (pass) *limits = {};  // charged as what it was when it was held

  Judged judged =
      JudgeAndMend(std::make_shared<const Message>(std::move(message)), from);
  const SealPlan seal = PlanSeal({received, judged.dkim_as_received},
                                 judged.facts, rulebook.arc_key, from);
  CountSeal(seal, &judged.findings);
  SettleActions(judged.facts, config, waived, &judged.findings);
  SettleUnsigned(judged.facts, rulebook, waived, &judged.findings);
  const Submission& submission = judged.facts.message->submission;
  for (const Finding& finding : judged.findings)
    if (needs_.on_abuse && !pass && TellsOfAbuse(finding, submission))
      needs_.on_abuse(submission, finding);
  const Asker asker{needs_.limiter,
                    config,
                    submission,
                    waived,
                    HistoryFor(config, submission),
                    needs_.warm_up,
                    pass.has_value(),
                    pass ? nullptr : needs_.lines,
                    needs_.history};
  for (Finding& finding : ReserveAtEnd(asker, judged.facts, limits))
    judged.findings.push_back(std::move(finding));
  if (auto hijack = JudgeHijack(asker, judged.facts, *needs_.clock)) {
    if (hijack->is_new && needs_.on_hijack)
      needs_.on_hijack(submission.login, hijack->finding.detail);
    judged.findings.push_back(std::move(hijack->finding));
  }
  if (auto ramp = JudgeVolume(asker, judged.facts))
    judged.findings.push_back(*std::move(ramp));
  Judgement judgement{
      Decide(judged.facts, config, std::move(judged.findings)), {}, {}, {}};
  judgement.decision.message = *judged.facts.message;
  judgement.decision.authentication = AuthenticationRecord(judged.facts);
  judgement.decision.short_links = ShortLinkRecord(judged.facts);
  if (!judgement.decision.held_recipients.empty())
    ChargeOnlyWhatLeaves(asker, judged.facts,
                         judgement.decision.held_recipients, limits);
  RememberWhatLeaves(asker, judged.facts, judgement.decision.held_recipients,
                     limits);
  SignAndEdit(received, judged, rulebook, from, &judgement.decision);
  if (rulebook.arc_key)
    Seal(seal, *rulebook.arc_key, from, &judgement.decision);
  judgement.held_reasons = ReasonsToHold(judgement.decision, *limits);
  judgement.held_free_at = FreeAt(judgement.decision, *limits);
  judgement.facts = std::move(judged.facts);
  return judgement;
}

}  // namespace postern
