// What tells two messages apart: for the retry of a pending hold, and for the
// release. Both are SHA-256 in hexadecimal.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/message/message.h"

namespace postern {

// Of the envelope, the body, and the header without what each attempt to hand
// the message over makes anew: the fields of transport, and those that we added
// ourselves.
[[nodiscard]] std::string Fingerprint(const Message& message);

// Of the body with every line ending alike and no empty lines at its end: what
// stays the same on the way through an SMTP client and an MTA.
[[nodiscard]] std::string BodySum(std::string_view body);

}  // namespace postern
