// What the text of a message says, shows and hides: its parts read, its links,
// its odd words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/facts/content_cache.h"
#include "policy/facts/facts.h"

namespace postern {

// Fills texts, html, links and the obfuscations from the MIME structure, which
// is there already. Cache: null: nothing is remembered.
void GatherText(ContentCache* cache, Facts* facts);

}  // namespace postern
