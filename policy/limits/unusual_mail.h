// Mail that is unlike what its sender used to send, as findings; and what the
// sender's history keeps of it. They ask about days, not about this message.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/decision/decision.h"
#include "policy/facts/facts.h"
#include "policy/limits/transaction_limits.h"

namespace postern {

// The hijack finding's id, and what the desk calls it beside the limits.
inline constexpr std::string_view kHijackAlarm = "hijack-alarm";

// Has somebody else got hold of the login? Also of mail that comes back from
// the held store: what a limit let go is no less the thief's.
struct Hijack {
  Finding finding;
  bool is_new = false;  // the operator is to be told
};
[[nodiscard]] std::optional<Hijack> JudgeHijack(const Asker& asker,
                                                const Facts& facts,
                                                const Clock& clock);
// Does its domain send far more than it used to? (rule V03)
[[nodiscard]] std::optional<Finding> JudgeVolume(const Asker& asker,
                                                 const Facts& facts);

// Once it leaves, the sender's history has it, but for those recipients.
void RememberWhatLeaves(const Asker& asker, const Facts& facts,
                        const std::vector<std::string>& held_recipients,
                        TransactionLimits* limits);

}  // namespace postern
