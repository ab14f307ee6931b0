// What is used of the limits, for people (at most 80 columns wide) and as JSON:
// a contract used from outside. Fields may be added; their meanings never
// change.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <span>
#include <string>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/limits/limiter.h"

namespace postern {

// {"rule","key","rates":[{"rate","count","period_seconds","burst","used",
// "free_at"}],"reserved","granted","grant_expires_at"|null}
[[nodiscard]] nlohmann::ordered_json LimitUseJson(const LimitUse& use);
// What LimitUseJson made.
[[nodiscard]] Result<LimitUse> LimitUseOf(const nlohmann::ordered_json& json);

// Its "refused_at", which the daemon adds.
[[nodiscard]] std::optional<TimePoint> RefusedAt(
    const nlohmann::ordered_json& json);

// One line for each: the rate that is used up most.
[[nodiscard]] std::string LimitTable(std::span<const LimitUse> uses);

// The rule's override for that key: {"pattern","rates":[],"file"|null,
// "line"|null}; no rates: not limited. Null where there is none.
[[nodiscard]] nlohmann::ordered_json LimitOverrideJson(const LimitRule& rule,
                                                       const std::string& key);

// In words: the rule, what is used of it, when it frees, whose rates hold.
[[nodiscard]] std::string LimitText(const LimitRule& rule, const LimitUse& use,
                                    std::optional<TimePoint> refused_at,
                                    TimePoint now);

}  // namespace postern
