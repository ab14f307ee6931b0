// Decision: what is done with one message, and why. The product of the gate.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/smtp_reply.h"
#include "policy/checks/check.h"
#include "policy/config/action.h"
#include "policy/decision/edits.h"

namespace postern {

enum class Disposition { kAccept, kHold, kDefer, kReject };
[[nodiscard]] std::string_view ToString(Disposition disposition);

// A verdict worth reporting, with the reply foreseen at whom it concerns.
struct Finding {
  std::string check;  // its id; "limit-<name>" for a limit
  std::string rules;
  const Check* judged_by = nullptr;  // null: a limit
  Level level = Level::kNotice;      // the highest among its receivers
  Outcome outcome = Outcome::kFail;
  Action action = Action::kObserve;  // what it does in this mode
  bool is_mended = false;
  std::string detail;
  std::string fix;  // what the operator can do; empty: no advice
  std::vector<std::string> recipients;
  std::vector<std::string> receivers;
  std::string egress;  // empty: not about one
  std::vector<PredictedReply> predicts;
};

struct RecipientDecision {
  std::string address;
  std::string receiver;
  Disposition disposition = Disposition::kAccept;
  std::optional<Reply> reply;
};

struct SignatureRecord {
  std::string domain, selector, algorithm;
  bool is_aligned = false;
};

// The ARC set that we add (RFC 8617).
struct SealRecord {
  std::string domain, selector;
  int instance = 0;
  std::string received;  // cv=: none, pass, fail
};

struct Decision {
  Mode mode = Mode::kObserve;
  std::string stream;  // empty: not known
  Disposition disposition = Disposition::kAccept;
  std::optional<Reply> reply;  // exactly when deferred or rejected
  std::vector<RecipientDecision> recipients;
  std::vector<Finding> findings;
  std::vector<Edit> edits;  // in the order to carry out; none unless accepted
  // The message as it leaves, or as it is held: mended, not yet signed, every
  // recipient still in the envelope.
  Message message;
  // Recipients whose copy is held while the rest goes.
  std::vector<std::string> held_recipients;
  std::vector<SignatureRecord> signatures;
  std::string unsigned_reason;  // when there are no signatures
  std::optional<SealRecord> seal;
  std::string unsealed_reason;  // forwarded, and could not be sealed
  std::string authentication;   // what was foreseen: record.h
  std::string short_links;      // where they lead: record.h
  std::string changes;          // what mending changed: record.h
};

}  // namespace postern
