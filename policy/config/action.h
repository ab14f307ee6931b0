// The operator's words for how far Postern may go.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace postern {

enum class Mode {
  kObserve,  // judge and record; nothing is refused, nothing repaired
  kMend,     // repair only
  kEnforce,  // repair, defer, hold, reject
};

// What a finding of one check does. kMend falls back to the check's `otherwise`
// where nothing could be mended.
enum class Action { kOff, kObserve, kMend, kHold, kDefer, kReject };

[[nodiscard]] std::string_view ToString(Mode mode);
[[nodiscard]] std::string_view ToString(Action action);
[[nodiscard]] std::optional<Mode> ParseMode(std::string_view text);
[[nodiscard]] std::optional<Action> ParseAction(std::string_view text);

}  // namespace postern
