// Where the links of a message lead: their hosts, sites and classes, and what
// DNS says of them where the operator wants it asked.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "policy/config/link_hosts.h"
#include "policy/facts/gather.h"

namespace postern {

// Adds the targets of List-Unsubscribe to links and fills `linking`. The rest
// of the text is read already.
void GatherLinks(const GatherFrom& from, Facts* facts);

// Fills `linking` from links alone, asking nobody.
void ReadHosts(Facts* facts);

// Where a redirector's or rewriter's URL says that it leads; nullopt: it does
// not say. `notes` are the list's: "/path?parameter", "/prefix/",
// "urldefense-v2", "urldefense-v3".
[[nodiscard]] std::optional<std::string> TargetOf(
    const std::string& url, const LinkHosts::Entry& entry);

}  // namespace postern
