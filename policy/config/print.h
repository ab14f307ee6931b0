// A configuration as TOML, and the file of all defaults.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "policy/config/config.h"

namespace postern {

enum class Extent { kAll, kChanged };  // every option | what is not the default

// Reads back as the same configuration. Takes a copy: the table of options
// knows members only as places that could be written.
[[nodiscard]] std::string PrintConfig(Config config, Extent extent);

// conf/postern.toml: every option with its sentence and its default.
[[nodiscard]] std::string PrintDefaults();

// The options that differ and that a reload cannot change: "milter.socket".
[[nodiscard]] std::vector<std::string> NeedingRestart(Config before,
                                                      Config after);

}  // namespace postern
