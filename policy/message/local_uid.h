// Which local user called sendmail(1), where the MTA says so.
//
// Postfix writes the uid into its own Received field, which it shows to no
// milter; a header check repeats it above that, with the queue id:
//     X-Postern-Uid: 1000 4WbX2k3cq9zBXcK
// Only a field with the queue id of this very message is believed: the id is
// made after the message was handed in, so nobody can have written it there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "policy/message/message.h"

namespace postern {

inline constexpr std::string_view kUidField = "X-Postern-Uid";

// Removes every such field; a believable one of a local submission sets
// submission.local_uid.
void TakeLocalUid(Message* message);

}  // namespace postern
