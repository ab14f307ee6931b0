// The key of a charge as it is counted and shown: "login=alice",
// "egress=main receiver=google".
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/config/limits.h"

namespace postern {

// Lower case, so that spelling is no way round a limit; a space or a percent
// sign is written as %20 or %25, so that two keys never read alike.
void AddToKey(LimitKeyPart part, std::string_view value, std::string* key);

// A key of that rule as people write it, the way it is counted. Fails when its
// parts are not those of the rule.
[[nodiscard]] Result<std::string> KeyAsCounted(const LimitRule& rule,
                                               std::string_view written);

}  // namespace postern
