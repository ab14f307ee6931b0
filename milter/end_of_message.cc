#include "milter/end_of_message.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "milter/carry_out.h"
#include "milter/log_line.h"
#include "milter/release.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::chrono::milliseconds kWaitForPlace{2'000};

// What was decided, and what has become of it so far.
struct Reached {
  Decision decision;
  std::size_t recipients = 0;
  std::string held_id;
  std::string fault;  // why we could not serve; empty: we could
};

bool IsHeld(const Decision& decision, const std::string& address) {
  return std::find(decision.held_recipients.begin(),
                   decision.held_recipients.end(),
                   address) != decision.held_recipients.end();
}

// The message comes back when we are well again.
void Defer(EnhancedCode enhanced, std::string fault, Reached* outcome) {
  Decision& decision = outcome->decision;
  decision.disposition = Disposition::kDefer;
  decision.reply =
      Reply::Make(451, enhanced, "Not taken now, try again later (postern)");
  decision.held_recipients.clear();
  decision.signatures.clear();
  decision.unsigned_reason = "deferred";
  outcome->fault = std::move(fault);
}

Result<std::string> Put(const Judgement& judgement, HeldStore* holds) {
  if (holds == nullptr) return Fail("there is no held store");
  const Decision& decision = judgement.decision;
  Message held = decision.message;
  if (decision.disposition == Disposition::kAccept)
    std::erase_if(held.envelope.recipients, [&](const ForwardPath& path) {
      return !IsHeld(decision, path.address);
    });
  return holds->Put(held, judgement.held_reasons, judgement.held_free_at);
}

// Handed back, and its limit is not free after all: it stays the hold that it
// is, and its place in the line.
bool IsStillWaiting(const Judgement& judgement,
                    const std::optional<ReleasePass>& pass) {
  return pass && pass->by == ReleaseBy::kLimit &&
         judgement.decision.disposition == Disposition::kHold &&
         FreesItself(judgement.held_reasons, judgement.held_free_at);
}

void WaitOn(const ReleasePass& pass, const Judgement& judgement,
            Releaser* releaser, Reached* outcome) {
  if (releaser != nullptr)
    releaser->ExpectAgain({pass.hold_id, pass.held_at, *judgement.held_free_at,
                           judgement.held_reasons});
  outcome->decision = judgement.decision;
  Defer({4, 7, 1}, "", outcome);
}

bool HoldsAnything(const Decision& decision) {
  return decision.disposition == Disposition::kHold ||
         (decision.disposition == Disposition::kAccept &&
          !decision.held_recipients.empty());
}

void JudgeAndHold(Message message, Transaction* transaction, const Door& door,
                  Reached* outcome) {
  const Rulebook& rulebook = transaction->rulebook();
  const std::optional<ReleasePass> pass = RedeemRelease(&message, door.holds);
  Judgement judgement = door.gate->JudgeMessage(
      std::move(message), rulebook, pass, transaction->limits(),
      In(rulebook.config.milter.deadline));
  if (IsStillWaiting(judgement, pass))
    return WaitOn(*pass, judgement, door.releaser, outcome);
  Result<std::string> held_id;
  const bool is_held = HoldsAnything(judgement.decision);
  const TimePoint since = pass ? pass->held_at : judgement.facts.received_at;
  if (is_held) held_id = Put(judgement, door.holds);
  if (is_held && held_id && door.releaser != nullptr &&
      FreesItself(judgement.held_reasons, judgement.held_free_at))
    door.releaser->Expect(
        {*held_id, since, *judgement.held_free_at, judgement.held_reasons});
  outcome->decision = std::move(judgement.decision);
  if (held_id)
    outcome->held_id = std::move(*held_id);
  else  // never discarded, never cut down before it is safely on our disk
    Defer({4, 3, 0}, held_id.error().message, outcome);
}

// Everything that takes time; the MTA hears the heartbeat meanwhile.
Reached Reach(Transaction* transaction, const Submission& submission,
              const Door& door, Mta& mta) {
  const Heartbeat::Watch watch(door.heartbeat, mta);
  const Config& config = transaction->rulebook().config;
  Reached outcome;
  outcome.decision.mode = config.mode;
  outcome.recipients = transaction->envelope().recipients.size();
  Result<Message> message = transaction->Finish();
  if (!message) {
    Defer({4, 3, 0}, message.error().message, &outcome);
    return outcome;
  }
  message->submission = submission;
  const Traffic::Place place =
      door.traffic->Judge(config.milter.max_judging, kWaitForPlace);
  if (place == nullptr)
    Defer({4, 3, 2}, "milter.max_judging messages are being judged", &outcome);
  else
    JudgeAndHold(std::move(*message), transaction, door, &outcome);
  return outcome;
}

Answer TellAccepted(TransactionLimits* limits, Mta& mta, Reached* outcome) {
  const Result<void> carried =
      CarryOut(outcome->decision.edits, outcome->recipients, mta);
  if (!carried) {
    Defer({4, 3, 0}, carried.error().message, outcome);
    mta.SetReply(*outcome->decision.reply);
    return Answer::kTempFail;
  }
  for (const auto& reservation : limits->reservations) reservation->Commit();
  return Answer::kContinue;
}

Answer TellHeld(Mta& mta, Reached* outcome) {
  // An MTA that is gone will not take the discard, and its client will come
  // again: the hold stays pending, to be joined.
  if (mta.Progress()) return Answer::kDiscard;
  Defer({4, 3, 0}, "the MTA is gone", outcome);
  return Answer::kTempFail;
}

Answer TellRefused(const Decision& decision, Mta& mta) {
  const bool is_reject = decision.disposition == Disposition::kReject;
  if (decision.reply) mta.SetReply(*decision.reply);
  return is_reject ? Answer::kReject : Answer::kTempFail;
}

Answer Tell(TransactionLimits* limits, Mta& mta, Reached* outcome) {
  switch (outcome->decision.disposition) {
    case Disposition::kAccept:
      return TellAccepted(limits, mta, outcome);
    case Disposition::kHold:
      return TellHeld(mta, outcome);
    case Disposition::kDefer:
    case Disposition::kReject:
      return TellRefused(outcome->decision, mta);
  }
  return Answer::kTempFail;
}

void Log(const Reached& outcome, const LogContext& context) {
  spdlog::log(outcome.fault.empty() ? spdlog::level::info : spdlog::level::err,
              "{}", LogLine(outcome.decision, context));
  if (!spdlog::should_log(spdlog::level::debug)) return;
  for (const Finding& finding : outcome.decision.findings)
    spdlog::debug("{}: {} {}: {}", EscapeForLog(context.queue_id),
                  finding.check, ToString(finding.outcome),
                  EscapeForLog(finding.detail));
}

}  // namespace

Ending EndMessage(Transaction transaction, const Submission& submission,
                  const Door& door, Mta& mta) {
  const auto start = std::chrono::steady_clock::now();
  LogContext context{.queue_id = submission.queue_id,
                     .mail_from = transaction.envelope().mail_from,
                     .login = submission.login,
                     .recipients = transaction.envelope().recipients.size()};
  Reached outcome = Reach(&transaction, submission, door, mta);
  const Answer answer = Tell(transaction.limits(), mta, &outcome);
  context.held_id = outcome.held_id;
  context.fault = outcome.fault;
  context.took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  Log(outcome, context);
  if (answer == Answer::kTempFail) return {answer, ""};
  return {answer, outcome.held_id};
}

}  // namespace postern
