#include "policy/config/blocklists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace postern {
namespace {

using testing::HasSubstr;

TEST(BuiltInBlocklists, HaveNoFault) {
  const BlocklistsRead read = BuiltInBlocklists();
  EXPECT_EQ(ToString(read.faults), "");
  EXPECT_TRUE(std::ranges::any_of(read.lists, [](const Blocklist& list) {
    return list.zone == "zen.spamhaus.org" && list.is_certain &&
           !list.dynamic_range.empty();
  }));
  EXPECT_TRUE(std::ranges::any_of(read.lists, &Blocklist::lists_names));
  for (const Blocklist& list : read.lists)
    EXPECT_TRUE(!list.lists_names || !list.test_entry.empty()) << list.zone;
}

TEST(ParseBlocklists, ReadsCodesAndRanges) {
  const BlocklistsRead read = ParseBlocklists(
      "[[blocklists]]\nzone = \"BL.Example.org\"\n"
      "listed = [\"127.0.0.2 one\", \"127.0.0.4-127.0.0.7 two words\"]\n",
      "b.toml");
  ASSERT_EQ(ToString(read.faults), "");
  const Blocklist& list = read.lists.at(0);
  EXPECT_EQ(list.zone, "bl.example.org");
  EXPECT_FALSE(list.lists_names);
  EXPECT_EQ(list.listed.at(0).first, list.listed.at(0).last);
  EXPECT_EQ(list.listed.at(1).first, std::string("\x7f\0\0\4", 4));
  EXPECT_EQ(list.listed.at(1).last, std::string("\x7f\0\0\7", 4));
  EXPECT_EQ(list.listed.at(1).meaning, "two words");
}

TEST(ParseBlocklists, ReportsEveryFaultWithItsPlace) {
  const std::string faults = ToString(
      ParseBlocklists(
          "[[blocklists]]\nzone = \"a.example\"\n"
          "listed = [\"127.0.0.2\", \"10.0.0.1 x\", \"127.0.0.7-127.0.0.2 "
          "x\"]\n[[blocklists]]\nzone = \"a.example\"\nlists = \"hosts\"\n",
          "b.toml")
          .faults);
  EXPECT_THAT(faults, HasSubstr("b.toml:3:11: blocklists[0].listed: not a "
                                "return code: \"127.0.0.2\""));
  EXPECT_THAT(faults, HasSubstr("\"10.0.0.1 x\""));
  EXPECT_THAT(faults, HasSubstr("\"127.0.0.7-127.0.0.2 x\""));
  EXPECT_THAT(faults, HasSubstr("blocklists[1].zone: a.example is listed "
                                "twice"));
  EXPECT_THAT(faults, HasSubstr("not a kind of list: \"hosts\""));
}

TEST(LoadBlocklists, SaysWhenThereIsNoFile) {
  const BlocklistsRead read = LoadBlocklists("/no/such/file");
  ASSERT_EQ(read.faults.size(), 1U);
  EXPECT_EQ(read.faults.at(0).file, "/no/such/file");
}

}  // namespace
}  // namespace postern
