// The corridors. See gate.h; the walk is told in policy/README.md.

#include "policy/gate.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "policy/base/text.h"
#include "policy/decision/decide.h"
#include "policy/decision/explain.h"
#include "policy/decision/findings.h"
#include "policy/facts/gather.h"
#include "policy/limits/charges.h"
#include "policy/remedies/remedy.h"
#include "policy/signing/signer.h"

namespace postern {
namespace {

GatherFrom Source(const GateNeeds& needs, const Rulebook& rulebook,
                  Deadline deadline) {
  return {rulebook.config,    *rulebook.keys, *needs.dns,
          needs.clock->Now(), deadline,       needs.html_cache};
}

// What fails and may be mended in this mode.
std::vector<std::string_view> ToMend(const std::vector<Finding>& findings,
                                     const Facts& facts, const Config& config) {
  std::vector<std::string_view> checks;
  if (config.mode == Mode::kObserve || facts.is_mta_bounce) return checks;
  for (const Finding& finding : findings)
    if (finding.outcome == Outcome::kFail &&
        ConfiguredAction(*finding.judged_by, config) == Action::kMend)
      checks.push_back(finding.judged_by->id);
  return checks;
}

bool StillFails(const Finding& finding, const std::vector<Finding>& now) {
  return std::any_of(now.begin(), now.end(), [&](const Finding& other) {
    return other.check == finding.check && other.outcome == Outcome::kFail;
  });
}

// What was found first and is gone now was mended; the rest is as found now.
std::vector<Finding> Remember(std::vector<Finding> first,
                              std::vector<Finding> now,
                              std::span<const std::string_view> mended) {
  std::vector<Finding> all;
  for (Finding& finding : first) {
    const bool was_tried =
        std::find(mended.begin(), mended.end(), finding.check) != mended.end();
    if (!was_tried || StillFails(finding, now)) continue;
    finding.is_mended = true;
    finding.action = Action::kMend;
    all.push_back(std::move(finding));
  }
  std::move(now.begin(), now.end(), std::back_inserter(all));
  return all;
}

struct Judged {
  Facts facts;
  std::vector<Finding> findings;
};

// Facts, checks, remedies; and once more on the mended message.
Judged JudgeAndMend(std::shared_ptr<const Message> message,
                    const GatherFrom& from) {
  Judged judged{Gather(std::move(message), from), {}};
  judged.findings = RunChecks(judged.facts, Corridor::kMessage);
  const std::vector<std::string_view> to_mend =
      ToMend(judged.findings, judged.facts, from.config);
  if (to_mend.empty()) return judged;
  std::optional<Message> mended = Mend(judged.facts, to_mend);
  if (!mended) return judged;
  judged.facts =
      Gather(std::make_shared<const Message>(std::move(*mended)), from);
  judged.findings =
      Remember(std::move(judged.findings),
               RunChecks(judged.facts, Corridor::kMessage), to_mend);
  return judged;
}

// The keys that receivers can find, or may.
std::vector<KeyInUse> UsableKeys(const SigningPlan& plan,
                                 std::string* unsigned_reason) {
  std::vector<KeyInUse> keys;
  *unsigned_reason = plan.unsigned_reason;
  for (const SigningPlan::Planned& planned : plan.signatures) {
    if (planned.published == PublishedKey::kMatches ||
        planned.published == PublishedKey::kUnknown) {
      keys.push_back(planned.key);
    } else if (keys.empty()) {
      *unsigned_reason = planned.key.selector + "._domainkey." +
                         planned.key.domain.text() + ": " +
                         std::string(ToString(planned.published));
    }
  }
  if (!keys.empty()) unsigned_reason->clear();
  return keys;
}

// An alarm of our own, in any mode.
void Defer(std::string detail, std::string check, Decision* decision) {
  Finding finding;
  finding.check = std::move(check);
  finding.level = Level::kMust;
  finding.action = Action::kDefer;
  finding.detail = std::move(detail);
  decision->disposition = Disposition::kDefer;
  decision->edits.clear();
  decision->unsigned_reason = finding.detail;
  decision->reply = Reply::Make(
      451, {4, 7, 0},
      "Not sent: " + finding.detail + " (postern " + finding.check + ")");
  for (RecipientDecision& recipient : decision->recipients) {
    finding.recipients.push_back(recipient.address);
    recipient.disposition = Disposition::kDefer;
    recipient.reply = decision->reply;
  }
  decision->held_recipients.clear();
  decision->edits.clear();
  decision->findings.push_back(std::move(finding));
}

// The last word: signatures over what leaves, and the edits that make it so.
void SignAndEdit(const Message& received, const Facts& facts,
                 const Rulebook& rulebook, const GatherFrom& from,
                 Decision* decision) {
  const std::vector<KeyInUse> keys =
      UsableKeys(facts.signing, &decision->unsigned_reason);
  if (decision->disposition != Disposition::kAccept) {
    if (decision->unsigned_reason.empty())
      decision->unsigned_reason = "not sent";
    return;
  }
  decision->edits = EditsBetween(received, decision->message);
  for (const std::string& address : decision->held_recipients)
    decision->edits.push_back(DeleteRecipient{address});
  if (keys.empty()) return;
  Header header = decision->message.header;
  const Result<std::vector<std::string>> values =
      SignMessage(header, decision->message.body, keys, from.now);
  if (!values) {
    decision->unsigned_reason = values.error().message;
    // What cannot be signed as it is leaves unsigned where nothing is refused.
    if (from.config.mode == Mode::kEnforce && !facts.is_mta_bounce)
      Defer(values.error().message, "signing-failed", decision);
    return;
  }
  for (std::size_t i = values->size(); i > 0; --i)
    header.Prepend("DKIM-Signature", (*values)[i - 1]);
  const SelfCheck::Answer self_check = rulebook.self_check->Verify(
      header, decision->message.body, keys, from.dns, from.deadline);
  if (self_check.outcome == SelfCheck::Outcome::kMismatch) {
    decision->unsigned_reason =
        "our own signature does not verify: " + self_check.detail;
    if (!facts.is_mta_bounce)
      Defer(decision->unsigned_reason, "signature-mismatch", decision);
    return;
  }
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

// Why anything is held, for the store and for people.
std::vector<HeldReason> ReasonsToHold(const Decision& decision) {
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
  }
  return reasons;
}

}  // namespace

Result<std::shared_ptr<const Rulebook>> MakeRulebook(Config config) {
  auto rulebook = std::make_shared<Rulebook>();
  Result<std::shared_ptr<const KeyRing>> keys = KeyRing::Load(config.signing);
  if (!keys) return std::unexpected(keys.error());
  rulebook->keys = std::move(*keys);
  rulebook->self_check =
      std::make_shared<SelfCheck>(*rulebook->keys, config.signing);
  rulebook->config = std::move(config);
  return rulebook;
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
  // "<>" without a login may be a bounce of the MTA's own; a local submission
  // cannot be refused here (Postfix tries again for ever). Both are judged
  // again at end of message.
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
  if (answer.reply || needs_.limiter == nullptr) return answer;
  Reserved reserved = Reserve(
      {needs_.limiter, config, submission, {}},
      ChargesAtRcpt(config.limits, submission, earlier, recipient), limits);
  for (Finding& finding : reserved.findings) {
    finding.recipients = {recipient.address};
    answer.findings.push_back(std::move(finding));
  }
  if (!reserved.over) return answer;
  if (!may_refuse || reserved.over->action == Action::kHold) {
    PutOff(*reserved.over, limits);
  } else {
    answer.reply =
        ReplyFor(answer.findings.back(), reserved.over->action == Action::kDefer
                                             ? Disposition::kDefer
                                             : Disposition::kReject);
  }
  return answer;
}

Judgement Gate::JudgeMessage(Message message, const Rulebook& rulebook,
                             const std::optional<ReleasePass>& pass,
                             TransactionLimits* limits,
                             Deadline deadline) const {
  const Config& config = rulebook.config;
  const GatherFrom from = Source(needs_, rulebook, deadline);
  const Message received = message;
  message.header.RemoveAll(kReleaseField);
  static const std::vector<std::string> kNothing;
  const std::vector<std::string>& waived =
      pass ? pass->waived_checks : kNothing;
  if (pass) *limits = {};  // charged as what it was when it was held

  Judged judged =
      JudgeAndMend(std::make_shared<const Message>(std::move(message)), from);
  SettleActions(judged.facts, config, waived, &judged.findings);
  const Asker asker{needs_.limiter, config, judged.facts.message->submission,
                    waived};
  for (Finding& finding :
       ReserveAtEnd(asker, judged.facts, pass.has_value(), limits))
    judged.findings.push_back(std::move(finding));
  Judgement judgement{
      Decide(judged.facts, config, std::move(judged.findings)), {}, {}, {}};
  judgement.decision.message = *judged.facts.message;
  if (!judgement.decision.held_recipients.empty())
    ChargeOnlyWhatLeaves(asker, judged.facts,
                         judgement.decision.held_recipients, limits);
  SignAndEdit(received, judged.facts, rulebook, from, &judgement.decision);
  judgement.held_reasons = ReasonsToHold(judgement.decision);
  for (const TransactionLimits::Over& over : limits->over)
    if (over.action == Action::kHold)
      judgement.held_free_at =
          std::max(judgement.held_free_at, over.overrun.retry_at);
  judgement.facts = std::move(judged.facts);
  return judgement;
}

}  // namespace postern
