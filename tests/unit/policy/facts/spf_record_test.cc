#include "policy/facts/spf_record.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(SpfRecord, IsKnownByItsVersion) {
  for (const char* text : {"v=spf1", "V=SPF1 -all", "v=spf1 "})
    EXPECT_TRUE(IsSpfRecord(text)) << text;
  for (const char* text : {"", "v=spf10", "v=spf1-all", " v=spf1", "v=spf"})
    EXPECT_FALSE(IsSpfRecord(text)) << text;
}

TEST(SpfRecord, ReadsTermsInOrder) {
  const auto record =
      ParseSpfRecord("v=spf1  ~A:%{d}/24//64 ?mx/0 -ip4:192.0.2.0/25 all ");
  ASSERT_TRUE(record);
  ASSERT_EQ(record->terms.size(), 4u);
  const SpfTerm& a = record->terms[0];
  EXPECT_EQ(a.mechanism, SpfMechanism::kA);
  EXPECT_EQ(a.qualifier, '~');
  EXPECT_EQ(a.domain_spec, "%{d}");
  EXPECT_EQ(a.v4_bits, 24);
  EXPECT_EQ(a.v6_bits, 64);
  EXPECT_EQ(a.text, "~A:%{d}/24//64");
  EXPECT_EQ(record->terms[1].v4_bits, 0);
  EXPECT_EQ(record->terms[1].v6_bits, 128);
  EXPECT_TRUE(
      record->terms[2].network->Contains(*IpAddress::Parse("192.0.2.1")));
  EXPECT_EQ(record->terms[3].qualifier, '+');
}

TEST(SpfRecord, ReadsModifiers) {
  const auto record = ParseSpfRecord(
      "v=spf1 redirect=_spf.%{d} EXP=why.example un-known.x_1=%{d}");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->redirect, "_spf.%{d}");
  EXPECT_EQ(record->explanation, "why.example");
  EXPECT_TRUE(record->terms.empty());
}

TEST(SpfRecord, MatchesNothingWithAMappedIpSix) {
  const auto record = ParseSpfRecord("v=spf1 ip6:::ffff:192.0.2.1/96");
  ASSERT_TRUE(record);
  EXPECT_FALSE(record->terms[0].network);
}

TEST(SpfRecord, MatchesOthersWithAWideMappedIpSix) {
  const auto record = ParseSpfRecord("v=spf1 ip6:::ffff:192.0.2.1/2");
  ASSERT_TRUE(record);
  ASSERT_TRUE(record->terms[0].network);
  EXPECT_TRUE(
      record->terms[0].network->Contains(*IpAddress::Parse("2001:db8::1")));
  EXPECT_FALSE(
      record->terms[0].network->Contains(*IpAddress::Parse("fe80::1")));
}

TEST(SpfRecord, AcceptsWhatTheGrammarDoes) {
  for (const char* term :
       {"a", "a/32", "a//128", "a/0//0", "a:b.c/d.example", "mx:a.example/8",
        "ptr", "ptr:a.example", "ip4:0.0.0.0/0", "ip6:::/0", "ip6:::1",
        "exists:%{i}.a.example", "include:%{d}", "a:b.example.", "a:1.c2/3"})
    EXPECT_TRUE(ParseSpfRecord("v=spf1 " + std::string(term))) << term;
}

TEST(SpfRecord, RefusesWhatTheGrammarDoesNot) {
  const std::string kBad[] = {
      "a:",
      "a/",
      "a/33",
      "a//129",
      "a/032",
      "a/-1",
      "a///64",
      "a/24/24",
      "a//64/24",
      "mx:1.2.3.4",
      "all:a.example",
      "all/24",
      "include",
      "include:",
      "include:a.example/24",
      "exists",
      "exists:/24",
      "ptr:",
      "ip4",
      "ip4:",
      "ip4:1.2.3",
      "ip4:1.2.3.4/33",
      "ip4:01.2.3.4",
      "ip4:1.2.3.4:8",
      "ip4:::1",
      "ip6:1.2.3.4",
      "ip6:::1/129",
      "ip6:::1//64",
      "ip4:1.2.3.4/",
      "redirect:a.example",
      "redirect=",
      "exp=",
      "unknown",
      "--all",
      "-redirect=a.example",
      "x=%{",
      "=x",
      "a:%{x}.example",
      "include:a.1",
      "exp=a.example exp=a.example",
      "redirect=a.example redirect=a.example",
      "a:\xc3\xbc.example",
      "a\rb",
      "a\nb",
      "\t-all",
      std::string("a\0b", 3),
      "ip4:" + std::string(10'000, '1'),
      "ip4:1.2.3.4/" + std::string(99, '0'),
  };
  for (const std::string& term : kBad)
    EXPECT_FALSE(ParseSpfRecord("v=spf1 " + term)) << term.substr(0, 60);
}

TEST(SpfRecord, NamesTheTermThatIsWrong) {
  EXPECT_EQ(ParseSpfRecord("v=spf1 a ip4:1.2.3 -all").error().message,
            "syntax error in \"ip4:1.2.3\"");
  EXPECT_EQ(ParseSpfRecord("v=spf1 ipv4:192.0.2.1").error().message,
            "unknown mechanism in \"ipv4:192.0.2.1\"");
}

TEST(SpfRecord, MayBeEmpty) {
  EXPECT_TRUE(ParseSpfRecord("v=spf1")->terms.empty());
}

}  // namespace
}  // namespace postern
