// Which DNS a subcommand asks: a zone file, a named resolver, or the
// configured ones.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

// At most one of zone_file and resolver is not empty.
[[nodiscard]] Result<std::unique_ptr<Dns>> ChooseDns(
    const std::string& zone_file, const std::string& resolver,
    const DnsConfig& configured);

}  // namespace postern
