#include "policy/limits/history/seen_set.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/base/siphash.h"

namespace postern {
namespace {

std::uint64_t Hash(int number) {
  return SipHash({1, 2}, std::to_string(number));
}

TEST(SeenSet, TellsTheFirstTime) {
  SeenSet set;
  EXPECT_FALSE(set.Knows(Hash(1), {20'000}));
  EXPECT_TRUE(set.See(Hash(1), {20'000}));
  EXPECT_FALSE(set.See(Hash(1), {20'000}));
  EXPECT_TRUE(set.Knows(Hash(1), {20'000}));
  EXPECT_FALSE(set.Knows(Hash(2), {20'000}));
}

TEST(SeenSet, ForgetsWhatWasNotSeenForLong) {
  SeenSet set;
  (void)set.See(Hash(1), {20'000, 180});
  EXPECT_TRUE(set.Knows(Hash(1), {20'180, 180}));
  EXPECT_FALSE(set.Knows(Hash(1), {20'182, 180}));
  EXPECT_TRUE(set.See(Hash(1), {20'182, 180}));
}

TEST(SeenSet, SeeingAgainKeepsAThingKnown) {
  SeenSet set;
  for (int day = 20'000; day < 22'000; day += 100)
    EXPECT_EQ(set.See(Hash(1), {day, 180}), day == 20'000);
}

TEST(SeenSet, KnowsWhatAClockAheadHasStamped) {
  SeenSet set;
  (void)set.See(Hash(1), {20'030});
  EXPECT_TRUE(set.Knows(Hash(1), {20'000}));
}

TEST(SeenSet, ForgetsForGood) {
  SeenSet set;
  (void)set.See(Hash(1), {20'000, 180});
  set.Forget({20'200, 180});
  EXPECT_EQ(set.size(), 0U);
  // The stamp of 510 days ago would read as today's.
  EXPECT_FALSE(set.Knows(Hash(1), {20'510, 180}));
}

TEST(SeenSet, KnowsThousandsAndGrowsNoFurther) {
  SeenSet set;
  for (int i = 0; i < 100'000; ++i) (void)set.See(Hash(i), {20'000});
  EXPECT_EQ(set.octets(), SeenSet::kMostSlots * 4);
  EXPECT_LE(set.size(), SeenSet::kMostSlots);
}

TEST(SeenSet, RemembersAListOfFiveThousandWhole) {
  SeenSet set;
  for (int i = 0; i < 5'000; ++i) (void)set.See(Hash(i), {20'000});
  int known = 0;
  for (int i = 0; i < 5'000; ++i) known += set.Knows(Hash(i), {20'031});
  EXPECT_EQ(known, 5'000);
}

TEST(SeenSet, TheOldestMakesRoom) {
  SeenSet set;
  for (int i = 0; i < 200'000; ++i) {
    (void)set.See(Hash(i), {20'000 + i / 1'000});
    // Used daily, it stays however many others come.
    (void)set.See(Hash(-1), {20'000 + i / 1'000});
  }
  EXPECT_TRUE(set.Knows(Hash(-1), {20'200}));
  EXPECT_FALSE(set.Knows(Hash(0), {20'200, 220}));
}

TEST(SeenSet, RarelyTakesTheUnknownForKnown) {
  SeenSet set;
  for (int i = 0; i < 100'000; ++i) (void)set.See(Hash(i), {20'000});
  int known = 0;
  for (int i = 0; i < 1'000'000; ++i)
    known += set.Knows(Hash(-1 - i), {20'000});
  std::printf("full set: %d of 1,000,000 unknown taken for known\n", known);
  EXPECT_LE(known, 1'100);  // 2^14 of 2^24: 977, by chance some more
}

TEST(SeenSet, IsTheSameReadBack) {
  SeenSet set;
  for (int i = 0; i < 1'000; ++i) (void)set.See(Hash(i), {20'000});
  const std::optional<SeenSet> read = SeenSet::Decode(set.Encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), set.size());
  for (int i = 0; i < 1'000; ++i) EXPECT_TRUE(read->Knows(Hash(i), {20'000}));
}

TEST(SeenSet, FullIsTheSameReadBack) {
  SeenSet set;
  for (int i = 0; i < 100'000; ++i) (void)set.See(Hash(i), {20'000});
  const std::optional<SeenSet> read = SeenSet::Decode(set.Encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), set.size());
}

TEST(SeenSet, RefusesDamagedOctets) {
  EXPECT_TRUE(SeenSet::Decode(""));
  EXPECT_FALSE(SeenSet::Decode("abc"));
  EXPECT_FALSE(SeenSet::Decode(std::string("\0\1\2\3", 4)));  // no day
  EXPECT_FALSE(SeenSet::Decode(std::string(4 * 16'385, 'x')));
  // One bucket with more than it holds.
  EXPECT_FALSE(SeenSet::Decode(std::string(4 * 17, 'x')));
}

}  // namespace
}  // namespace postern
