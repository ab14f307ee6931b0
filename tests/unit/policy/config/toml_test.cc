#include "policy/config/toml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace postern {
namespace {

using testing::HasSubstr;

std::string Repeat(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}
std::string FaultOf(std::string_view text) {
  const auto table = ParseToml(text, "f.toml");
  return table ? "none" : ToString(table.error());
}

TEST(ParseToml, KnowsWhereThingsStand) {
  const auto table = ParseToml("\n[a]\n  b = [1,\n \"x\"]\n", "f.toml");
  ASSERT_TRUE(table.has_value());
  const auto& inner = std::get<TomlTable>(table->at(0).node.value);
  EXPECT_EQ(inner.at(0).key, "b");
  EXPECT_EQ(inner.at(0).where, (Position{3, 3}));
  const auto& list = std::get<TomlArray>(inner.at(0).node.value);
  EXPECT_EQ(list.at(0).where, (Position{3, 8}));
  EXPECT_EQ(list.at(1).where, (Position{4, 2}));
}

TEST(ParseToml, CountsColumnsInCharacters) {
  EXPECT_THAT(FaultOf("\"\xc3\xa4\" 1"), HasSubstr("f.toml:1:5:"));
}

TEST(ParseToml, TakesAByteOrderMarkAndCrlf) {
  EXPECT_EQ(FaultOf("\xef\xbb\xbf"
                    "a = 1\r\nb = 2\r\n"),
            "none");
}

TEST(ParseToml, RefusesDuplicateKeysWithTheirPlace) {
  EXPECT_THAT(FaultOf("a = 1\na = 2\n"), HasSubstr("f.toml:2:"));
  EXPECT_THAT(FaultOf("[a]\n[a]\n"), HasSubstr("f.toml:2:"));
}

TEST(ParseToml, RefusesForeignOctets) {
  EXPECT_THAT(FaultOf(std::string("a = \"x\0\"", 8)), HasSubstr("f.toml:1:"));
  EXPECT_THAT(FaultOf(std::string("\0", 1)), HasSubstr("f.toml:1:1:"));
  EXPECT_THAT(FaultOf("a = \"\xff\""), HasSubstr("utf-8"));
  EXPECT_THAT(FaultOf("a = 1\rb = 2"), HasSubstr("f.toml:1:"));
}

// toml++ 3.3 takes U+00A1 to U+0499 for unreachable where white space may be.
TEST(ParseToml, RefusesLettersWhereWhiteSpaceMayBe) {
  EXPECT_THAT(FaultOf("a = 1\xc3\xa4"), HasSubstr("f.toml:1:"));
  EXPECT_THAT(FaultOf("a\xca\x91 = 1"), HasSubstr("f.toml:1:2:"));
  EXPECT_THAT(FaultOf("\xc3\xa4 = 1"), HasSubstr("f.toml:1:1:"));
  EXPECT_EQ(FaultOf("a = \"\"\"x\\\n\xc3\xa4\"\"\""), "none");
}

TEST(ParseToml, SurvivesDeepNesting) {
  EXPECT_THAT(FaultOf("a = " + Repeat("[", 100'000)), HasSubstr("depth"));
  EXPECT_THAT(FaultOf("a = " + Repeat("{a = ", 100'000)), HasSubstr("depth"));
  EXPECT_THAT(FaultOf(Repeat("[", 100'000)), HasSubstr("f.toml:1:3:"));
}

TEST(ParseToml, SurvivesDeepKeys) {
  const std::string key = Repeat("a.", 400'000) + "a = 1";
  EXPECT_EQ(FaultOf(key), "f.toml:1:1: a key with more than 64 dots");
  EXPECT_EQ(FaultOf("[" + key), "f.toml:1:1: a key with more than 64 dots");
  EXPECT_EQ(FaultOf("x = \"\"\"\nit's \"\"\"\n" + key),
            "f.toml:3:1: a key with more than 64 dots");
  EXPECT_EQ(FaultOf("x = \"\\\"\"\n" + key),
            "f.toml:2:1: a key with more than 64 dots");
}

TEST(ParseToml, TakesManyDotsInStringsAndComments) {
  EXPECT_EQ(FaultOf("a = [\"" + Repeat("192.0.2.1", 100) + "\"]"), "none");
  EXPECT_EQ(FaultOf("# " + Repeat(".", 100)), "none");
  EXPECT_EQ(FaultOf("a = '''\n" + Repeat(".", 100) + "'''"), "none");
}

TEST(ParseToml, RefusesMoreThanItWillRead) {
  EXPECT_EQ(FaultOf(std::string((64 << 20) + 1, '#')),
            "f.toml: longer than 64 MiB");
}

TEST(ParseToml, HasNoControlCharactersInItsMessages) {
  const std::string fault = FaultOf("a = \"x\x1b[31m\"");
  EXPECT_EQ(fault.find('\x1b'), std::string::npos);
}

TEST(QuoteToml, ReadsBackAsTheSameText) {
  const std::string odd = "a\"b\\c\n\t\x7f\xc3\xa4";
  const auto table = ParseToml("k = " + QuoteToml(odd), "f.toml");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(std::get<std::string>(table->at(0).node.value), odd);
}

TEST(TomlKey, IsQuotedOnlyWhereItMustBe) {
  EXPECT_EQ(TomlKey("per-login_1"), "per-login_1");
  EXPECT_EQ(TomlKey("example.com"), "\"example.com\"");
  EXPECT_EQ(TomlKey(""), "\"\"");
}

}  // namespace
}  // namespace postern
