// Bounce addresses: mailboxes of our bounce domain with somebody's address
// written into them, and the way back.
//
//   srs   SRS0=HASH=TT=domain=local, and SRS1=HASH=host=rest for a sender who
//   is
//         an SRS address of another forwarder, so that chains do not grow
//         ("The Sender Rewriting Scheme", S. Meng Wong / Shevek, 2004)
//   verp  bounces+HASH=TT=local=domain; without secrets bounces+local=domain,
//         which nobody gives back, because anybody could have written it
//
// HASH is an HMAC of the rest, TT the day: only what we wrote, and not long
// ago, leads anywhere. Both are read without regard to case, as MTAs on the way
// may change it. Pure functions. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/config/config.h"

namespace postern {

// By sender.rewrite. nullopt: there is nothing to switch to, or what would come
// out is no path of RFC 5321 (a local part over 64 octets, a quoted one).
[[nodiscard]] std::optional<std::string> BounceAddressFor(
    std::string_view sender, const Config& config, TimePoint now);

// Whose mail it was. Or why it leads nowhere: not ours, forged, or expired.
[[nodiscard]] Result<std::string> SenderBehind(std::string_view address,
                                               const Config& config,
                                               TimePoint now);

}  // namespace postern
