#include "policy/config/action.h"

#include <array>
#include <utility>

namespace postern {
namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 3> kModes = {{
    {Mode::kObserve, "observe"},
    {Mode::kMend, "mend"},
    {Mode::kEnforce, "enforce"},
}};
constexpr std::array<std::pair<Action, std::string_view>, 6> kActions = {{
    {Action::kOff, "off"},
    {Action::kObserve, "observe"},
    {Action::kMend, "mend"},
    {Action::kHold, "hold"},
    {Action::kDefer, "defer"},
    {Action::kReject, "reject"},
}};

}  // namespace

std::string_view ToString(Mode mode) {
  for (const auto& [value, word] : kModes)
    if (value == mode) return word;
  return "?";
}

std::string_view ToString(Action action) {
  for (const auto& [value, word] : kActions)
    if (value == action) return word;
  return "?";
}

std::optional<Mode> ParseMode(std::string_view text) {
  for (const auto& [value, word] : kModes)
    if (word == text) return value;
  return std::nullopt;
}

std::optional<Action> ParseAction(std::string_view text) {
  for (const auto& [value, word] : kActions)
    if (word == text) return value;
  return std::nullopt;
}

}  // namespace postern
