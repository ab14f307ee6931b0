#include "policy/limits/history/hijack_alarm.h"

#include <algorithm>

#include <fmt/format.h>

namespace postern {
namespace {

constexpr std::size_t kSignsNeeded = 2;

// The second most of one day: a single exceptional day is no habit.
std::int64_t HabitualMost(const OwnerNumbers& numbers,
                          std::int64_t DayCounts::* count) {
  std::int64_t most = 0;
  std::int64_t second = 0;
  for (std::size_t ago = 1; ago < numbers.days.size(); ++ago) {
    const std::int64_t that_day = numbers.days[ago].*count;
    second = std::max(second, std::min(most, that_day));
    most = std::max(most, that_day);
  }
  return second;
}

bool IsUnusual(std::int64_t today, std::int64_t most, std::int64_t at_least,
               std::int64_t factor) {
  return today >= at_least && today > factor * most;
}

}  // namespace

std::vector<std::string> HijackSigns(const History::Habits& habits,
                                     const HijackOptions& options) {
  const OwnerNumbers& numbers = habits.numbers;
  const TodayCounts& today = numbers.today;
  const bool is_learning =
      numbers.first_day == 0 || numbers.days_known() < options.learning_days;
  std::vector<std::string> signs;

  const std::int64_t new_recipients =
      today.new_recipients + habits.under_way.new_recipients;
  const std::int64_t most_new =
      HabitualMost(numbers, &DayCounts::new_recipients);
  if (!is_learning && IsUnusual(new_recipients, most_new,
                                options.new_recipients, options.factor))
    signs.push_back(
        fmt::format("{} new recipients today, {} on a busy day before",
                    new_recipients, most_new));

  // Twice over: a newsletter each week makes volume no sign.
  if (!is_learning && IsUnusual(new_recipients, most_new, options.recipients,
                                2 * options.factor))
    signs.push_back("these are more than twice too many");

  const std::int64_t recipients =
      today.recipients + habits.under_way.recipients;
  const std::int64_t most = HabitualMost(numbers, &DayCounts::recipients);
  if (IsUnusual(recipients, most, options.recipients, options.factor))
    signs.push_back(fmt::format("{} recipients today, {} on a busy day before",
                                recipients, most));

  // What was refused at RCPT never became a recipient.
  const std::int64_t asked = std::max(recipients, today.refusals);
  if (today.refusals >= options.refusals &&
      today.refusals * 100 >= asked * options.refused_percent)
    signs.push_back(fmt::format("{} recipients refused of {} today",
                                today.refusals, asked));

  if (!is_learning && today.new_networks >= options.new_networks)
    signs.push_back(
        fmt::format("mail from {} new networks today", today.new_networks));
  if (!is_learning && today.new_froms >= options.new_froms)
    signs.push_back(
        fmt::format("mail in {} new names (From) today", today.new_froms));
  return signs;
}

LoginVerdict JudgeLogin(const std::string& owner, const HijackOptions& options,
                        const Clock& clock, History* history) {
  const TimePoint now = clock.Now();
  const auto until_of = [](const OwnerNumbers& numbers) {
    return TimePoint(std::chrono::nanoseconds(numbers.alarmed_until_ns));
  };
  History::Habits habits = history->Look(owner);
  if (habits.numbers.alarmed_until_ns != 0 && until_of(habits.numbers) <= now) {
    (void)history->EndAlarm(owner);
    habits = history->Look(owner);
  }
  if (habits.numbers.alarmed_until_ns != 0)
    return {.is_alarmed = true,
            .reason = habits.numbers.alarm_reason,
            .until = until_of(habits.numbers)};
  const std::vector<std::string> signs = HijackSigns(habits, options);
  if (signs.size() < kSignsNeeded) return {};
  LoginVerdict verdict{.is_alarmed = true, .until = now + options.alarm_for};
  verdict.reason = fmt::format("{}", fmt::join(signs, "; "));
  verdict.is_new = history->RaiseAlarm(owner, verdict.until, verdict.reason);
  return verdict;
}

}  // namespace postern
