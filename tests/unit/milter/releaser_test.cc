#include "milter/releaser.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(FreesItself, WhatOnlyLimitsHold) {
  const TimePoint free_at{std::chrono::seconds(1)};
  EXPECT_TRUE(FreesItself({{"limit-login", "", ""}}, free_at));
  EXPECT_TRUE(FreesItself({{"limit-a", "", ""}, {"limit-b", "", ""}}, free_at));
}

TEST(FreesItself, NotWhatAPersonMustDecide) {
  const TimePoint free_at{std::chrono::seconds(1)};
  EXPECT_FALSE(
      FreesItself({{"limit-a", "", ""}, {"link-listed", "", ""}}, free_at));
  EXPECT_FALSE(FreesItself({{"limit-a", "", ""}}, std::nullopt));
  EXPECT_FALSE(FreesItself({}, free_at));
}

// Ten an hour, of which eight are used.
class LetThroughAtTest : public testing::Test {
 protected:
  LetThroughAtTest() {
    config_.limits_in_force.push_back(
        {.name = "ten",
         .key = {LimitKeyPart::kLogin},
         .rates = {{.count = 10, .period = std::chrono::hours(1)}}});
    const LimitCharge charge{.rule = &config_.limits_in_force.front(),
                             .key = "login=alice",
                             .cost = 8};
    auto answer = limiter_->Reserve({&charge, 1});
    answer.reservation->Commit();
  }
  std::optional<TimePoint> Ask(const std::string& rule, std::int64_t cost) {
    return LetThroughAt({.id = "a",
                         .since = {},
                         .rule = rule,
                         .key = "login=alice",
                         .cost = cost},
                        config_, limiter_.get());
  }

  ManualClock clock_{TimePoint(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<Limiter> limiter_ = *Limiter::Open("", clock_);
  Config config_;
};

TEST_F(LetThroughAtTest, SaysWhenAndReservesNothing) {
  EXPECT_FALSE(Ask("ten", 2));
  EXPECT_FALSE(Ask("ten", 2));
  EXPECT_EQ(Ask("ten", 3), clock_.Now() + std::chrono::minutes(6));
}

TEST_F(LetThroughAtTest, MoreThanTheBurstWaitsForAllOfIt) {
  EXPECT_EQ(Ask("ten", 500), clock_.Now() + std::chrono::minutes(48));
}

TEST_F(LetThroughAtTest, NobodyWaitsForALimitThatIsGone) {
  EXPECT_FALSE(Ask("gone", 500));
}

WaitingHold In(const std::string& rule, const std::string& id, int since) {
  return {.id = id,
          .since = TimePoint(std::chrono::seconds(since)),
          .rule = rule,
          .key = "login=alice",
          .cost = 2};
}

TEST(WaitingLines, ThoseWhoCameFirstAreFirst) {
  const TimePoint now(std::chrono::seconds(100));
  WaitingLines lines;
  lines.Join(In("slow", "b", 2), now);
  lines.Join(In("slow", "c", 3), now);
  lines.Join(In("slow", "a", 1), now + std::chrono::seconds(9));
  ASSERT_TRUE(lines.Due(now));
  EXPECT_EQ(lines.Due(now)->id, "a");
  EXPECT_EQ(lines.AheadOf("slow", "login=alice")->cost_after_first, 4);
  EXPECT_FALSE(lines.AheadOf("slow", "login=bob"));
  lines.Leave("a");
  EXPECT_EQ(lines.Due(now)->id, "b");
}

TEST(WaitingLines, OneThatStaysKeepsItsPlaceAndWaits) {
  const TimePoint now(std::chrono::seconds(100));
  const TimePoint later = now + std::chrono::seconds(60);
  WaitingLines lines;
  lines.Join(In("slow", "a", 1), now);
  lines.Join(In("slow", "b", 2), now);
  lines.Stay(In("slow", "a", 1), later);
  EXPECT_FALSE(lines.Due(now));
  EXPECT_EQ(lines.NextLook(), later);
  EXPECT_EQ(lines.Due(later)->id, "a");
}

TEST(WaitingLines, WhoeverStandsApartKeepsNobody) {
  const TimePoint now(std::chrono::seconds(100));
  WaitingLines lines;
  lines.Join(In("slow", "a", 1), now);
  lines.Join(In("", "a", 1), now + std::chrono::seconds(60));
  EXPECT_FALSE(lines.AheadOf("slow", "login=alice"));
  EXPECT_FALSE(lines.Due(now));
  lines.Leave("a");
  EXPECT_FALSE(lines.NextLook());
}

}  // namespace
}  // namespace postern
