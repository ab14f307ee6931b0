#include "policy/config/limit_overrides.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(ParseLimitOverride, ReadsAPatternAndItsRates) {
  const auto one = ParseLimitOverride(
      " login=Shop-* stream=marketing 60/min burst 20, 9/d ");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->pattern, "login=shop-* stream=marketing");
  ASSERT_EQ(one->rates.size(), 2u);
  EXPECT_EQ(one->rates[0].burst, 20);
  EXPECT_EQ(FormatLimitOverride(*one),
            "login=shop-* stream=marketing 60/min burst 20, 9/d");
}

TEST(ParseLimitOverride, ANetworkIsNoRate) {
  const auto one = ParseLimitOverride("network=192.0.2.0/24 2GB/d");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->pattern, "network=192.0.2.0/24");
  EXPECT_EQ(one->rates.at(0).count, 2'000'000'000);
}

TEST(ParseLimitOverride, RefusesWhatIsNone) {
  for (const char* text : {"", "login=a", "5/h", "alice 5/h", "login=a 5/h,",
                           "login=a 0/h", "login=a 5/h unlimited", "unlimited"})
    EXPECT_FALSE(ParseLimitOverride(text)) << text;
}

TEST(LimitOverrides, AWholeKeyComesBeforePatterns) {
  const LimitOverrides overrides(
      {ParseLimitOverride("login=a* 1/h").value(),
       ParseLimitOverride("login=al* 2/h").value(),
       ParseLimitOverride("login=alice 3/h").value()});
  EXPECT_EQ(overrides.Find("login=alice")->rates[0].count, 3);
  EXPECT_EQ(overrides.Find("login=alan")->rates[0].count, 1);
  EXPECT_EQ(overrides.Find("login=bob"), nullptr);
}

TEST(ParseLimitOverrides, NamesTheLineThatIsWrong) {
  const LimitOverridesRead read = ParseLimitOverrides(
      "# shops\nlogin=shop 5/h\n\nlogin=boss unlimted # typo\r\n", "o.txt");
  EXPECT_EQ(read.overrides.size(), 1u);
  ASSERT_EQ(read.faults.size(), 1u);
  EXPECT_EQ(read.faults[0].where.line, 4);
}

}  // namespace
}  // namespace postern
