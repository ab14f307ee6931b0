// The rulebook as the program reads it: the operator's file, then the keys that
// it names.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "policy/base/result.h"
#include "policy/gate.h"

namespace postern {

[[nodiscard]] Result<std::shared_ptr<const Rulebook>> LoadRulebook(
    const std::string& file);

}  // namespace postern
