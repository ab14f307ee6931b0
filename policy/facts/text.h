// What the text of a message says, shows and hides: its HTML read, its links,
// its odd words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/facts/gather.h"

namespace postern {

// Fills html, links and the obfuscations from the MIME structure, which is
// there already.
void GatherText(const GatherFrom& from, Facts* facts);

}  // namespace postern
