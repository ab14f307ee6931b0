#include "policy/signing/canonical.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "policy/base/sha256.h"

namespace postern {
namespace {

TEST(RelaxedField, FollowsTheExampleOfTheRfc) {  // RFC 6376 s.3.4.5
  EXPECT_EQ(RelaxedField("A", " X"), "a:X");
  EXPECT_EQ(RelaxedField("B ", " Y\t\r\n\tZ  "), "b:Y Z");
}

TEST(RelaxedField, TreatsLfFoldsAsCrlf) {
  EXPECT_EQ(RelaxedField("To", " a,\n\t b\n c"),
            RelaxedField("To", " a,\r\n\t b\r\n c"));
}

TEST(RelaxedField, MayBeEmpty) {
  EXPECT_EQ(RelaxedField("Cc", ""), "cc:");
  EXPECT_EQ(RelaxedField("Cc", " \t\n "), "cc:");
}

TEST(RelaxedField, KeepsOtherOctets) {
  EXPECT_EQ(RelaxedField("X", " \xff\v\x01;:"), "x:\xff\v\x01;:");
}

// Line by line, as RFC 6376 s.3.4.4 says it.
std::string Reference(std::string_view body) {
  std::string canonical;
  std::size_t kept = 0;
  while (!body.empty()) {
    const std::size_t end = body.find("\r\n");
    const std::string_view line = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 2);
    std::string reduced;
    for (const char c : line) {
      const bool is_blank = c == ' ' || c == '\t';
      if (!is_blank) reduced += c;
      if (is_blank && !reduced.ends_with(' ')) reduced += ' ';
    }
    if (reduced.ends_with(' ')) reduced.pop_back();
    canonical += reduced + "\r\n";
    if (!reduced.empty()) kept = canonical.size();
  }
  return canonical.substr(0, kept);
}

void ExpectLikeReference(const std::string& body) {
  EXPECT_EQ(RelaxedBodyHash(body), Sha256Of(Reference(body)))
      << testing::PrintToString(body);
}

TEST(RelaxedBodyHash, FollowsTheExampleOfTheRfc) {  // RFC 6376 s.3.4.5
  EXPECT_EQ(RelaxedBodyHash(" C \r\nD \t E\r\n\r\n\r\n"),
            Sha256Of(" C\r\nD E\r\n"));
}

TEST(RelaxedBodyHash, IsThatOfNothingForAnEmptyBody) {
  for (const char* body :
       {"", "\r\n", "\r\n\r\n", " ", "\t\r\n \r\n", "  \r\n "})
    EXPECT_EQ(RelaxedBodyHash(body), Sha256Of("")) << body;
}

TEST(RelaxedBodyHash, EndsTheLastLine) {
  EXPECT_EQ(RelaxedBodyHash("a"), Sha256Of("a\r\n"));
  EXPECT_EQ(RelaxedBodyHash("a "), Sha256Of("a\r\n"));
  EXPECT_EQ(RelaxedBodyHash("a\r\n  "), Sha256Of("a\r\n"));
}

TEST(RelaxedBodyHash, TakesBareCrAndLfAsOctets) {
  for (const char* body : {"a\rb \r\n", "a \r", "\r", "\n", "a\n\n", " \n \r\n",
                           "a\r\r\n", "\r \r\n", "a\r \r\n\r\n"})
    ExpectLikeReference(body);
}

TEST(RelaxedBodyHash, KeepsNulAndEightBit) {
  ExpectLikeReference(std::string("a\0 \0b\xff \x80\r\n", 11));
}

// Every length and place relative to the sixteen octets looked at in one step.
TEST(RelaxedBodyHash, FindsBlanksInEveryPlace) {
  for (std::size_t length = 0; length < 50; ++length)
    for (std::size_t place = 0; place < length; ++place)
      for (const char* odd : {"  ", "\t", " \r\n", " \r\n\r\nx", " \t \t"})
        ExpectLikeReference(std::string(length, 'x').replace(place, 1, odd));
}

TEST(RelaxedBodyHash, AgreesWithTheReferenceOnRandomBodies) {
  constexpr std::string_view kPieces[] = {
      "word", " ", "\t", "  ", "\r\n", "\r", "\n", "longerwordsofletters"};
  std::mt19937 random(6376);
  for (int round = 0; round < 2'000; ++round) {
    std::string body;
    for (std::size_t i = random() % 60; i > 0; --i)
      body += kPieces[random() % std::size(kPieces)];
    ExpectLikeReference(body);
  }
}

TEST(RelaxedBodyHash, ManagesLongRuns) {
  ExpectLikeReference(std::string(100'000, 'z') + " \t" +
                      std::string(20'000, ' ') + "y\r\n");
  std::string many;
  for (int i = 0; i < 30'000; ++i) many += "a \t";
  ExpectLikeReference(many);
}

}  // namespace
}  // namespace postern
