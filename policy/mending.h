// Mending: a message is judged, what may be mended is mended, and it is judged
// again; a finding that is still there was not mended.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "policy/decision/decision.h"
#include "policy/facts/facts.h"
#include "policy/facts/gather.h"
#include "policy/message/message.h"

namespace postern {

struct Judged {
  Facts facts;  // of the message as it would leave
  std::vector<Finding> findings;
  std::vector<DkimFact> dkim_as_received;
  std::size_t links_changed = 0;  // that lead elsewhere now, or nowhere
};

// Facts, checks, remedies stage by stage, and the checks once more after each
// that changed something. Mends nothing in mode observe, and of a bounce of the
// MTA's own only what would break its signature. Thread-safe.
[[nodiscard]] Judged JudgeAndMend(std::shared_ptr<const Message> message,
                                  GatherFrom from);

}  // namespace postern
