// Findings: the checks' verdicts, with whom they concern and what is foreseen.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/decision/decision.h"
#include "policy/facts/facts.h"

namespace postern {

enum class Corridor { kRecipient, kMessage };

// Runs the catalogue. Verdicts of one check that say the same become one
// finding. Actions are not settled yet: see decide.h.
[[nodiscard]] std::vector<Finding> RunChecks(const Facts& facts,
                                             Corridor corridor);

}  // namespace postern
