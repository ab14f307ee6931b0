// Asking where a message's short links lead (links.expand).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/facts/facts.h"
#include "policy/facts/gather.h"

namespace postern {

// Fills linking.short_links, at most ten URLs and one entry more where there
// are others. Asks of links that a reader follows alone: never what
// List-Unsubscribe names, a form, the author's own or a tracking domain, nor
// what may be personal or names a recipient. Asks nobody for an MTA's bounce.
void ExpandShortLinks(const GatherFrom& from, Facts* facts);

}  // namespace postern
