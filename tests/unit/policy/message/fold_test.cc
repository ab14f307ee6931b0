#include "policy/message/fold.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/header.h"

namespace postern {
namespace {

std::size_t LongestLine(std::string_view name, std::string_view folded) {
  const std::string field = std::string(name) + ": " + std::string(folded);
  std::size_t longest = 0;
  for (const std::string_view line : Split(field, '\n'))
    longest = std::max(longest, line.size());
  return longest;
}

TEST(FoldValue, KeepsToTheLimitAndUnfoldsToTheSame) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "address" + std::to_string(i) + "@x, ";
  text += "end";
  for (const std::size_t limit : {20u, 78u, 998u}) {
    const auto folded = FoldValue("To", text, limit);
    ASSERT_TRUE(folded);
    EXPECT_LE(LongestLine("To", *folded), limit);
    EXPECT_EQ((HeaderField{"To", *folded, 0}).Unfolded(), text);
  }
}

TEST(FoldValue, LeavesShortValuesAlone) {
  EXPECT_EQ(FoldValue("A", "b  c\td"), "b  c\td");
  EXPECT_EQ(FoldValue("A", ""), "");
  EXPECT_EQ(FoldValue("A", " b "), "b");
}

TEST(FoldValue, FoldsInsideQuotesOnlyWhenNothingElseServes) {
  EXPECT_EQ(FoldValue("A", "x \"b c d\" <e>", 11), "x\n \"b c d\"\n <e>");
  EXPECT_EQ(FoldValue("A", "\"bbb ccc ddd\" <e>", 12), "\"bbb ccc\n ddd\" <e>");
}

TEST(FoldValue, KeepsRunsOfSpaceWhole) {
  const auto folded = FoldValue("A", "bbbb   cccc \t dddd", 8);
  EXPECT_EQ(folded, "bbbb\n   cccc\n \t dddd");
}

TEST(FoldValue, LetsALongWordExceedTheLimitButNot998) {
  const std::string word(500, 'x');
  EXPECT_EQ(FoldValue("A", "b " + word + " c"), "b\n " + word + "\n c");
  EXPECT_FALSE(FoldValue("A", "b " + std::string(998, 'x')));
  EXPECT_TRUE(FoldValue("A", "b " + std::string(997, 'x')));
}

TEST(FoldValue, IsLinear) {
  EXPECT_TRUE(FoldValue("A", std::string(200'000, ' ') + "x"));
  std::string quotes = "\"";
  for (int i = 0; i < 100'000; ++i) quotes += "a ";
  EXPECT_TRUE(FoldValue("A", quotes));
}

}  // namespace
}  // namespace postern
