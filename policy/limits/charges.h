// Charges: what a message owes to the limits, and when it is asked for it.
//
// A rule is asked at the first stage that knows its key and its cost: at RCPT
// what the envelope tells, at end of message what only the message makes known
// (author domain, stream, campaign, egress; bytes and links). A rule of which a
// part of the key is absent does not concern the message. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"
#include "policy/config/config.h"
#include "policy/limits/limiter.h"
#include "policy/message/envelope.h"

namespace postern {

struct LimitedRecipient {
  std::string address;
  std::string receiver;  // empty: not known
  // The sender has not written to it, or to anybody in its domain, before.
  bool is_new = false;
  bool is_new_domain = false;
  // No profile knows its receiver: one of many small ones.
  bool is_small = false;
  // The routes that may carry it; which one the MTA takes is not known.
  std::vector<std::string> egress = {};
};

// What only the message makes known.
struct LimitedContent {
  std::optional<Domain> author_domain;
  std::string stream, campaign;
  std::int64_t bytes = 0;
  std::int64_t link_domains = 0;
};

struct LimitedMessage {
  const Submission& submission;
  const std::string& mail_from;
  const LimitedContent* content = nullptr;  // null: at RCPT
};

// What a transaction has asked for already, in vain or not, but for recipients
// that were refused.
struct LimitTally {
  std::set<std::string, std::less<>> once;                 // marks of Owed
  std::map<std::string, std::int64_t, std::less<>> spent;  // by rule, NUL, key
};

// A charge, and what is not to be charged twice in its transaction.
struct Owed {
  LimitCharge charge;
  std::vector<std::string> marks;
};

// One for each rule and key; they point into the rules.
[[nodiscard]] std::vector<Owed> OwedAtRcpt(std::span<const LimitRule> rules,
                                           const LimitedMessage& message,
                                           const LimitedRecipient& recipient,
                                           const LimitTally& tally);
[[nodiscard]] std::vector<Owed> OwedAtEndOfMessage(
    std::span<const LimitRule> rules, const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients, const LimitTally& tally);
// All that the envelope tells at once: for a message that comes back from the
// held store.
[[nodiscard]] std::vector<Owed> OwedForEnvelope(
    std::span<const LimitRule> rules, const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients, const LimitTally& tally);
// Those of it that RCPT could not ask for, because DNS did not tell the
// receivers of these recipients.
[[nodiscard]] std::vector<Owed> OwedForReceivers(
    std::span<const LimitRule> rules, const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients, const LimitTally& tally);

// Those of the recipients that the rule counts under one of these keys.
[[nodiscard]] std::vector<std::string> CountedUnder(
    const LimitRule& rule, const std::set<std::string, std::less<>>& keys,
    const LimitedMessage& message,
    std::span<const LimitedRecipient> recipients);

// What the rule and key of a charge were charged with before.
[[nodiscard]] std::int64_t SpentBy(const LimitCharge& charge,
                                   const LimitTally& tally);
// Notes what was reserved.
void Enter(std::span<const Owed> owed, LimitTally* tally);

// A login or a local submission, whose client may not come back by itself:
// over a limit its mail is held. A relay is deferred. (LimitOver::kAuto)
[[nodiscard]] bool IsPersonal(const Submission& submission);

}  // namespace postern
