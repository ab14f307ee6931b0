#include "policy/facts/spf_macro.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

// The examples of RFC 7208 s.7.4.
SpfMacroValues Strong(std::string_view address = "192.0.2.3") {
  return {.address = *IpAddress::Parse(address),
          .local_part = "strong-bad",
          .sender_domain = "email.example.com",
          .domain = "email.example.com",
          .helo_name = "helo.example",
          .receiver_name = "receiver.example",
          .now_seconds = 12345,
          .validated_name = [] { return "mx.example.org"; }};
}

TEST(SpfMacro, ExpandsTheExamplesOfTheRfc) {
  constexpr struct {
    std::string_view text, expanded;
  } kExamples[] = {
      {"%{s}", "strong-bad@email.example.com"},
      {"%{o}", "email.example.com"},
      {"%{d4}", "email.example.com"},
      {"%{d3}", "email.example.com"},
      {"%{d2}", "example.com"},
      {"%{d1}", "com"},
      {"%{dr}", "com.example.email"},
      {"%{d2r}", "example.email"},
      {"%{l}", "strong-bad"},
      {"%{l-}", "strong.bad"},
      {"%{lr}", "strong-bad"},
      {"%{lr-}", "bad.strong"},
      {"%{l1r-}", "strong"},
      {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
      {"%{h} %{p} %{r} %{t} %{c}",
       "helo.example mx.example.org receiver.example 12345 192.0.2.3"},
      {"%% %_ %-", "%   %20"},
      {"%{S}", "strong-bad%40email.example.com"},
  };
  for (const auto& [text, expanded] : kExamples)
    EXPECT_EQ(ExpandSpfMacros(text, Strong()), expanded) << text;
}

TEST(SpfMacro, WritesIpv6AsNibbles) {
  EXPECT_EQ(ExpandSpfMacros("%{ir}.%{v}", Strong("2001:db8::cb01")),
            "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2."
            "ip6");
  EXPECT_EQ(ExpandSpfMacros("%{c}", Strong("2001:db8::cb01")),
            "2001:db8::cb01");
}

TEST(SpfMacro, KnowsItsGrammar) {
  constexpr auto kUse = SpfMacroUse::kDomainSpec;
  for (const char* text : {"", "%{d}", "%{D12r.-+,/_=}", "%%%_%-", "a/b"})
    EXPECT_TRUE(IsSpfMacroString(text, kUse)) << text;
  for (const char* text :
       {"%", "%{", "%{}", "%{d", "%{x}", "%{d0}", "%{d00}", "%{dx}", "%{rd}",
        "%(d)", "%d", "a b", "a\rb", "a\nb", "\xc3\xbc", "%{c}", "%{t}"})
    EXPECT_FALSE(IsSpfMacroString(text, kUse)) << text;
  EXPECT_FALSE(IsSpfMacroString(std::string_view("a\0b", 3), kUse));
}

TEST(SpfMacro, AllowsMoreInAnExplanation) {
  EXPECT_TRUE(IsSpfMacroString("%{c} and %{t}", SpfMacroUse::kExplanation));
  EXPECT_FALSE(IsSpfMacroString("a\tb", SpfMacroUse::kExplanation));
}

TEST(SpfMacro, SurvivesEnormousNumbers) {
  EXPECT_TRUE(
      IsSpfMacroString("%{d99999999999999999999}", SpfMacroUse::kDomainSpec));
  EXPECT_EQ(ExpandSpfMacros("%{d99999999999999999999}", Strong()),
            "email.example.com");
}

TEST(SpfMacro, DropsWhatFollowsAMalformedMacro) {
  EXPECT_EQ(ExpandSpfMacros("a%{", Strong()), "a");
}

TEST(SpfDomainSpec, EndsInAMacroOrATopLabel) {
  for (const char* text :
       {"%{d}", "a.%{d}", "%{d}.example", "a.example.", "a.x-y", "a.b2"})
    EXPECT_TRUE(IsSpfDomainSpec(text)) << text;
  for (const char* text : {"", "example", "a.123", "a.-b", "a.b-", "a..",
                           "%{d}.1", "192.0.2.1", "a.b:c"})
    EXPECT_FALSE(IsSpfDomainSpec(text)) << text;
}

}  // namespace
}  // namespace postern
