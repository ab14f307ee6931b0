// Gate: the two corridors of the house.
//
//   message -> facts -> checks -> remedies -> decision -> signing
//
// Thread-safe: one Gate serves all sessions. Has no state of its own but what
// the resolver, the limiter, the key ring and the cache keep.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/snapshot.h"
#include "policy/config/config.h"
#include "policy/decision/decision.h"
#include "policy/facts/content_cache.h"
#include "policy/facts/dns.h"
#include "policy/facts/expander.h"
#include "policy/facts/facts.h"
#include "policy/facts/gather.h"
#include "policy/holds/held_store.h"
#include "policy/limits/limiter.h"
#include "policy/limits/transaction_limits.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"
#include "policy/signing/self_check.h"

namespace postern {

// What the house needs from outside while it judges. Borrowed.
struct GateNeeds {
  Dns* dns = nullptr;
  const Clock* clock = nullptr;
  Limiter* limiter = nullptr;  // null: nothing is limited
  History* history = nullptr;  // null: nobody is new, nothing is remembered
  WarmUp* warm_up = nullptr;   // null: no way out is new
  const WaitingLines* lines = nullptr;  // null: nobody waits for a limit
  // Told once when a login seems hijacked, and why. May be empty.
  std::function<void(const std::string& login, const std::string& why)>
      on_hijack = {};
  // Told of each message that has malware, and of each from a login that has
  // the words of phishing or of a scam. May be empty.
  std::function<void(const Submission& submission, const Finding& finding)>
      on_abuse = {};
  // What is known of the ways out; null: their checks are silent.
  const Snapshot<EgressSurvey>* egress = nullptr;
  Advice advice = Advice::kNone;
  ContentCache* content_cache = nullptr;  // null: nothing is remembered
  Expander* expander = nullptr;           // null: no short link is asked
};

// One configuration with the keys it names: what a reload swaps.
struct Rulebook {
  Config config;
  std::shared_ptr<const KeyRing> keys;
  std::shared_ptr<SelfCheck> self_check;  // counts for this rulebook's keys
  std::optional<KeyInUse> arc_key;        // none: nothing is sealed
};
[[nodiscard]] Result<std::shared_ptr<const Rulebook>> MakeRulebook(
    Config config);

struct RecipientAnswer {
  std::optional<Reply> reply;  // refuse this recipient; none: take it
  std::vector<Finding> findings;
};

// The judgement of one message with the facts it rests on.
struct Judgement {
  Decision decision;
  Facts facts;                           // of the message as it leaves
  std::vector<HeldReason> held_reasons;  // when anything is held
  std::optional<TimePoint> held_free_at;
};

class Gate {
 public:
  explicit Gate(GateNeeds needs) : needs_(std::move(needs)) {}

  // The corridor at RCPT: the envelope alone. `earlier` holds the recipients
  // already taken. Never refuses a local submission.
  [[nodiscard]] RecipientAnswer JudgeRecipient(const Submission& submission,
                                               const Envelope& earlier,
                                               const ForwardPath& recipient,
                                               const Rulebook& rulebook,
                                               TransactionLimits* limits) const;

  // The corridor at end of message. `pass` is that of a released message. The
  // caller commits the limits once the verdict is given and mail leaves.
  [[nodiscard]] Judgement JudgeMessage(Message message,
                                       const Rulebook& rulebook,
                                       const std::optional<ReleasePass>& pass,
                                       TransactionLimits* limits,
                                       Deadline deadline) const;

 private:
  [[nodiscard]] History* HistoryFor(const Config& config,
                                    const Submission& submission) const;
  GateNeeds needs_;
};

}  // namespace postern
