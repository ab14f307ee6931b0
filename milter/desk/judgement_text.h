// A judgement for people: at most 80 columns, foreign text escaped.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/gate.h"

namespace postern {

[[nodiscard]] std::string JudgementText(const std::string& file,
                                        const Judgement& judgement);

}  // namespace postern
