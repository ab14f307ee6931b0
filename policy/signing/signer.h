// Signer: our own DKIM signer (RFC 6376, RFC 8463): relaxed/relaxed, one pass
// over the body for any number of keys, keys parsed once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

// The values of the DKIM-Signature fields to insert at the top, one for each
// key in its order; folds as LF, no leading space. The header and body must be
// final: octets as they will leave, lines of the body ended by CRLF (a bare LF
// is signed as it stands and breaks when an MTA mends it). Fails without From
// and on NUL or a stray line break in a signed field. Thread-safe.
[[nodiscard]] Result<std::vector<std::string>> SignMessage(
    const Header& header, const Body& body, std::span<const KeyInUse> keys,
    const SigningConfig& config, TimePoint now);

}  // namespace postern
