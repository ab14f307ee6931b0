// CarryOut: tells the MTA what was decided, as one burst: edits, then answer.
//
// An MTA keeps the edits it has taken even when the verdict never comes, so
// everything that can be known to fail is looked at before the first is sent,
// and after a failure the message is deferred: the MTA then forgets them all.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "milter/mta.h"
#include "policy/base/result.h"

namespace postern {

// Sends the edits in their order. `recipients` is how many the message has: the
// last one is never taken off (both MTAs would drop the message in silence).
[[nodiscard]] Result<void> CarryOut(const std::vector<Edit>& edits,
                                    std::size_t recipients, Mta& mta);

}  // namespace postern
