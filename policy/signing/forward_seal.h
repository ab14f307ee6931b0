// ForwardSeal: an ARC set on mail that we send on, from the plan to the edits.
//
// Sealing is the last step, after our DKIM signatures, in every mode
// (arc.enabled). The set is verified before it is used.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/decision/decision.h"
#include "policy/facts/gather.h"
#include "policy/signing/arc.h"

namespace postern {

// arc.key_file, read and tried; none when arc.enabled is not set.
[[nodiscard]] Result<std::optional<KeyInUse>> LoadArcKey(
    const ArcConfig& config);

struct SealPlan {
  bool will_seal = false;
  std::string unsealed_reason;  // empty: sealed, or not concerned
  int instance = 1;
  ArcResult received = ArcResult::kNone;
  std::string results;  // of the set
};

// The message as it was received, and what was found on it then.
struct AsReceived {
  const Message& message;
  std::span<const DkimFact> dkim;
};
// What would be sealed, by the chain that the message came with. A key that
// receivers cannot find, a chain that has ended, or one that DNS could not
// judge is not extended.
[[nodiscard]] SealPlan PlanSeal(const AsReceived& received, const Facts& facts,
                                const std::optional<KeyInUse>& key,
                                const GatherFrom& from);

// forwarded-without-arc is mended by the plan.
void CountSeal(const SealPlan& plan, std::vector<Finding>* findings);

// Adds the set to a decision to accept, above its other edits; one that does
// not verify is left out, and the finding stands.
void Seal(const SealPlan& plan, const KeyInUse& key, const GatherFrom& from,
          Decision* decision);

}  // namespace postern
