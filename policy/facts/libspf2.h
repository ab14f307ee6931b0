// RunLibspf2: the wrapper of libspf2 1.2.10. Nothing else includes it.
//
// Alone it fails a third of the RFC 7208 suite, drops terms without a word and
// can be crashed by a hostile record. Here it follows mechanisms, qualifiers,
// includes and redirects through the tokens of an SpfWalk and compares
// addresses; it sees no foreign text. Thread-safe. A failure of the library, or
// an exception in the walk, reads as temperror.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/base/ip_address.h"
#include "policy/facts/spf.h"
#include "policy/facts/spf_walk.h"

namespace postern {

[[nodiscard]] SpfResult RunLibspf2(SpfWalk& walk, const IpAddress& address);

}  // namespace postern
