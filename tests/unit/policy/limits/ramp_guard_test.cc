#include "policy/limits/history/ramp_guard.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

// Days with that many recipients each, and today.
History::Habits Habits(int days, std::int64_t each, std::int64_t today) {
  History::Habits habits;
  for (int ago = 1; ago <= days; ++ago)
    habits.numbers.days.at(static_cast<std::size_t>(ago)).recipients = each;
  habits.numbers.days[0].recipients = today;
  return habits;
}

TEST(RampGuard, TellsAJumpInWords) {
  const auto ramp = JudgeRamp(Habits(20, 400, 2'001), {});
  ASSERT_TRUE(ramp);
  EXPECT_EQ(ramp->detail,
            "2001 recipients today, more than 5 times the 400 of a typical "
            "day (20 days with mail in the last 35)");
}

TEST(RampGuard, ExactlyTheFactorIsNoJump) {
  EXPECT_FALSE(JudgeRamp(Habits(20, 400, 2'000), {}));
}

TEST(RampGuard, SmallVolumesStartleNobody) {
  EXPECT_FALSE(JudgeRamp(Habits(20, 10, 999), {}));
  EXPECT_TRUE(JudgeRamp(Habits(20, 10, 1'000), {}));
}

TEST(RampGuard, WithoutHistoryNothingIsUsual) {
  EXPECT_FALSE(JudgeRamp(Habits(6, 10, 100'000), {}));
  EXPECT_TRUE(JudgeRamp(Habits(7, 10, 100'000), {}));
}

TEST(RampGuard, OneGreatDayDoesNotMakeItTypical) {
  History::Habits habits = Habits(20, 400, 2'001);
  habits.numbers.days[3].recipients = 1'000'000;
  EXPECT_TRUE(JudgeRamp(habits, {}));
}

TEST(RampGuard, CountsWhatIsUnderWay) {
  History::Habits habits = Habits(20, 400, 2'000);
  habits.under_way.recipients = 1;
  EXPECT_TRUE(JudgeRamp(habits, {}));
}

}  // namespace
}  // namespace postern
