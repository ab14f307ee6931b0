// Charges: what a message owes to the limits, and when it is asked for it.
//
// A rule is asked at the first stage that knows its key and its cost: a rule
// keyed by author domain or stream at end of message, every other at RCPT. A
// rule of which a part of the key is absent does not concern the message. Pure.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/base/domain.h"
#include "policy/config/config.h"
#include "policy/limits/limiter.h"
#include "policy/message/envelope.h"

namespace postern {

// Messages are charged with the first recipient that is taken, recipients one
// by one. The charges point into the rules.
[[nodiscard]] std::vector<LimitCharge> ChargesAtRcpt(
    const std::vector<LimitRule>& rules, const Submission& submission,
    const Envelope& earlier, const ForwardPath& recipient);

// The parts of keys that only the message makes known.
struct ContentKeys {
  std::optional<Domain> author_domain;
  std::string stream;
};
// The message and all its recipients at once.
[[nodiscard]] std::vector<LimitCharge> ChargesAtEndOfMessage(
    const std::vector<LimitRule>& rules, const Submission& submission,
    const Envelope& envelope, const ContentKeys& keys);

// A login or a local submission, whose client may not come back by itself:
// over a limit its mail is held. A relay is deferred. (LimitOver::kAuto)
[[nodiscard]] bool IsPersonal(const Submission& submission);

}  // namespace postern
