// DNS blocklists: data that the operator may replace (conf/lists).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/config/config.h"
#include "policy/config/toml.h"

namespace postern {

struct BlocklistsRead {
  std::vector<Blocklist> lists;  // in file order
  Faults faults;
};
[[nodiscard]] BlocklistsRead ParseBlocklists(std::string_view text,
                                             const std::string& file);
[[nodiscard]] BlocklistsRead LoadBlocklists(const std::string& file);
[[nodiscard]] BlocklistsRead BuiltInBlocklists();

}  // namespace postern
