// Who will judge the message: the operator of the MX hosts, not the domain.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

// The profile whose MX suffix is the longest that fits a host of the best
// preference; else, as where DNS did not answer or there is no MX, the
// fallback. `profiles` are those of a Config: never empty, the fallback last.
[[nodiscard]] const ReceiverProfile& ReceiverOf(
    const MxTargets& mx, const std::vector<ReceiverProfile>& profiles);

}  // namespace postern
