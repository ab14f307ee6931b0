// What the signatures of others say for the author, as the message leaves.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/facts/facts.h"

namespace postern {

// A signature that verifies, or that nobody could judge, may stand for the
// author.
[[nodiscard]] bool MayStandForAuthor(const Facts& facts);

// "example.org/sel: reason, ..." of those that were made for the author and do
// not verify; empty: none.
[[nodiscard]] std::string BrokenAuthorSignatures(const Facts& facts);

}  // namespace postern
