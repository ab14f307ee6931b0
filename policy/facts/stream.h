// The stream of a message: which of the operator's kinds of traffic it is.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/config/stream.h"

namespace postern {

struct Facts;

struct StreamFact {
  std::string name;                      // empty: not known
  const StreamConfig* config = nullptr;  // null: the operator says nothing
  // At RCPT: the header, which is still to come, will decide.
  bool is_undecided = false;
};

// Fills stream, from envelope, author and header, and sees what that says of
// is_bulk.
void GatherStream(Facts* facts);

// Says itself that a program wrote it: Auto-Submitted (RFC 3834), the older
// fields of auto-responders, a null reverse-path.
[[nodiscard]] bool IsAutomatic(const Facts& facts);

}  // namespace postern
