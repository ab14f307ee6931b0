// Explain: a finding in words: our reply, and the reply we foresee.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/decision/decision.h"

namespace postern {

// The prediction to quote for a finding, or null: the first with a code of the
// same class as our own refusal would have, else the first.
[[nodiscard]] const PredictedReply* BestPrediction(const Finding& finding);

// Our own refusal: one thing a sender can act on, quoting the reply foreseen.
[[nodiscard]] Reply ReplyFor(const Finding& finding, Disposition disposition);

// "550 5.7.26 unauthenticated" (without the receiver).
[[nodiscard]] std::string ToString(const PredictedReply& reply);

}  // namespace postern
