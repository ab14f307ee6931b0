// What is owed is asked for: of the caps of one message, of those who wait
// already, and of the limiter.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/limits/charges.h"
#include "policy/limits/transaction_limits.h"

namespace postern {

// All of it or none; what only observes, and is over, is left out and told.
[[nodiscard]] Reserved Reserve(const Asker& asker, std::vector<Owed> owed,
                               TransactionLimits* limits);

// Findings of the same check and outcome.
[[nodiscard]] bool IsSame(const Finding& a, const Finding& b);
void AddUnlessThere(const Finding& finding, std::vector<Finding>* findings);

// What was taken once goes when the whole burst is free, be it as much as that
// or, since a grant or a former rate let it in, more.
void CutToBurst(std::vector<Owed>* owed);

}  // namespace postern
