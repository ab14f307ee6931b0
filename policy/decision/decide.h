// Decide: what the findings come to. Pure.
//
// The worst finding that the operator enforces wins: reject > defer > hold >
// accept, for each recipient; ties by catalogue order. Where some recipients
// may go, the others' copy is held; where none may, the message gets the
// disposition as a whole.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "policy/config/config.h"
#include "policy/decision/decision.h"
#include "policy/facts/facts.h"

namespace postern {

// What the operator lets a failing check do before anything is mended.
[[nodiscard]] Disposition DispositionOf(Action action);
[[nodiscard]] Action ConfiguredAction(const Check& check, const Facts& facts,
                                      const Config& config);

// Settles each finding's action. `waived` are the checks a release may skip.
// A bounce of the MTA's own is only observed.
void SettleActions(const Facts& facts, const Config& config,
                   std::span<const std::string> waived,
                   std::vector<Finding>* findings);

// Disposition, reply and recipients; edits, message and signatures are the
// gate's to fill.
[[nodiscard]] Decision Decide(const Facts& facts, const Config& config,
                              std::vector<Finding> findings);

}  // namespace postern
