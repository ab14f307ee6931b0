// A judgement as one line of JSON: a contract used from outside. Fields may be
// added; their meanings never change.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/gate.h"

namespace postern {

[[nodiscard]] std::string JudgementJson(const std::string& file,
                                        const Judgement& judgement);

// The message as it would leave: mended, our signatures on top.
[[nodiscard]] std::string LeavingOctets(const Decision& decision);

}  // namespace postern
