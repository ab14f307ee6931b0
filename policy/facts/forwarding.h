// Forwarding: whether this is mail that others wrote to us and that we send on.
//
// Forwarded: it came without a login, was received before (a Received field, or
// a DKIM signature of a domain that we do not sign for), and its envelope
// sender is of a domain that is not ours, or a mailbox of our bounce domain
// with an author that is not ours (the sender has been switched already). A
// program on this host counts too: that is how sieve and .forward hand mail on.
// List traffic: received before, without a login, with List-Id or List-Post
// (RFC 2919, RFC 2369), by an author that is not ours; its sender is the
// list's. Ours is a domain that we sign for, or that a way out names as a
// sender's. SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/facts/gather.h"

namespace postern {

// After the signatures that are there have been gathered.
void GatherForwarding(const GatherFrom& from, Facts* facts);

}  // namespace postern
