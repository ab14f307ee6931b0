// Release: recognises a message that comes back from our own held store.
//
// Its X-Postern-Release is good once. Whoever wrote such a field, and however
// many there are, none is judged, signed or sent on.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "policy/decision/edits.h"
#include "policy/holds/held_store.h"
#include "policy/message/message.h"

namespace postern {

struct Admission {
  std::optional<ReleasePass> pass;
  std::vector<Edit> strip;  // tells the MTA to take the fields off as well
};

// Takes every release field off the message. With a good one, the message is
// judged as the submission that it was when it was held. `holds` may be null.
[[nodiscard]] Admission TakeReleaseFields(Message* message, HeldStore* holds);

}  // namespace postern
