#include "policy/limits/history/ramp_guard.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace postern {

std::optional<Ramp> JudgeRamp(const History::Habits& habits,
                              const RampOptions& options) {
  const OwnerNumbers& numbers = habits.numbers;
  std::vector<std::int64_t> volumes;
  for (std::size_t ago = 1; ago < numbers.days.size(); ++ago)
    if (numbers.days[ago].recipients > 0)
      volumes.push_back(numbers.days[ago].recipients);
  if (volumes.empty() ||
      volumes.size() < static_cast<std::size_t>(options.days_needed))
    return std::nullopt;
  const auto middle =
      volumes.begin() + static_cast<std::ptrdiff_t>(volumes.size() / 2);
  std::nth_element(volumes.begin(), middle, volumes.end());
  Ramp ramp{
      .today = numbers.days.front().recipients + habits.under_way.recipients,
      .typical = *middle,
      .detail = {}};
  if (ramp.today < options.at_least ||
      ramp.today <= options.factor * ramp.typical)
    return std::nullopt;
  ramp.detail = fmt::format(
      "{} recipients today, more than {} times the {} of a typical day "
      "({} days with mail in the last {})",
      ramp.today, options.factor, ramp.typical, volumes.size(),
      OwnerNumbers::kDays);
  return ramp;
}

}  // namespace postern
