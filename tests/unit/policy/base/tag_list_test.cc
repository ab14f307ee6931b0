#include "policy/base/tag_list.h"

#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

TEST(TagList, KeepsOrderAndTrimsValues) {
  const auto list = TagList::Parse(" v = DKIM1 ;\r\n\tp=a b\n c;");
  ASSERT_TRUE(list);
  ASSERT_EQ(list->tags().size(), 2u);
  EXPECT_EQ(list->tags()[0].name, "v");
  EXPECT_EQ(list->Find("v"), "DKIM1");
  EXPECT_EQ(list->Find("p"), "a b\n c");
  EXPECT_FALSE(list->Find("P"));
}

TEST(TagList, AllowsEmptyValuesAndEqualsSigns) {
  const auto list = TagList::Parse("p=;b=YQ==");
  ASSERT_TRUE(list);
  EXPECT_EQ(list->Find("p"), "");
  EXPECT_EQ(list->Find("b"), "YQ==");
}

TEST(TagList, RefusesADoubledTag) {
  const auto list = TagList::Parse("a=1; b=2; a=1");
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().message, "a= occurs twice");
}

TEST(TagList, RefusesWhatIsNoList) {
  for (const std::string& text :
       {std::string(""), std::string(";"), std::string("a"), std::string("=1"),
        std::string("a=1;;b=2"), std::string("a b=1"), std::string("1a=1"),
        std::string("a=\0", 3), std::string("a=\xc3\xa9"), std::string("a=\v"),
        std::string("a=\x7f")})
    EXPECT_FALSE(TagList::Parse(text)) << text;
}

TEST(TagList, RefusesMoreThanAHundredTags) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "t" + std::to_string(i) + "=;";
  EXPECT_TRUE(TagList::Parse(text));
  EXPECT_FALSE(TagList::Parse(text + "x="));
}

}  // namespace
}  // namespace postern
