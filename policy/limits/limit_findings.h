// A limit that is exceeded, as a finding.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/config/config.h"
#include "policy/decision/decision.h"
#include "policy/limits/limiter.h"

namespace postern {

// The id of a limit's finding: "limit-<name>".
[[nodiscard]] std::string LimitCheckId(std::string_view rule);

// What the rule says, with "auto" settled: people's clients show an error
// instead of trying again, so their mail is held; relays try again.
[[nodiscard]] Action LimitAction(const LimitRule& rule,
                                 const LimitOverrun& overrun,
                                 const Submission& submission);

[[nodiscard]] Finding LimitFinding(const LimitOverrun& overrun, Action action,
                                   const std::vector<std::string>& recipients);

}  // namespace postern
