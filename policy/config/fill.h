// From the tree of a TOML file into the structs, as the table of options says.
//
// Reports every fault of the file, never only the first. An unknown key is a
// fault with the nearest known name.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "policy/config/options.h"
#include "policy/config/toml.h"

namespace postern {

struct FillReport {
  Faults faults;
  // Where each key stood, as the operator would write it: "limits[1].name".
  std::map<std::string, Position> places;
};

[[nodiscard]] FillReport Fill(const TomlTable& table, const Schema& schema,
                              Owner root, const std::string& file);

}  // namespace postern
