// A limit that is exceeded, as a finding.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/config/config.h"
#include "policy/decision/decision.h"
#include "policy/limits/limiter.h"

namespace postern {

// The id of a limit's finding: "limit-<name>".
[[nodiscard]] std::string LimitCheckId(std::string_view rule);

// The rule's name, of such an id; empty: it is another check's.
[[nodiscard]] std::string_view LimitOfCheckId(std::string_view id);

// What the rule says, with "auto" settled: people's clients show an error
// instead of trying again, so their mail is held; relays try again. What no
// waiting helps is rejected.
[[nodiscard]] Action LimitAction(const LimitRule& rule,
                                 const LimitOverrun& overrun,
                                 const Submission& submission);

// What was exceeded and when it frees, in words that a sender can act on.
[[nodiscard]] Finding LimitFinding(const LimitCharge& charge,
                                   const LimitOverrun& overrun, Action action);

// That it passed a rule of which nobody could be asked.
[[nodiscard]] Finding UncountedFinding(const LimitRule& rule);

}  // namespace postern
