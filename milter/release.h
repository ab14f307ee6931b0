// Release: recognises a message that comes back from our own held store.
//
// Its X-Postern-Release is good for this one message. The gate takes every such
// field off, whoever wrote it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/holds/held_store.h"
#include "policy/message/message.h"

namespace postern {

// With a good field, the message is judged as the submission that it was when
// it was held. nullopt: it was never held, or the field is forged or stale.
// `holds` may be null.
[[nodiscard]] std::optional<ReleasePass> RedeemRelease(Message* message,
                                                       HeldStore* holds);

}  // namespace postern
