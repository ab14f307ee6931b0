#include "policy/message/message.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

TEST(ParseOctets, KeepsTheLeadingSpaceAndWritesFoldsAsLf) {
  const ParsedOctets parsed =
      ParseOctets("From:a@b\r\nSubject:  x\r\n\ty\r\n z\r\n\r\nbody\r\n");
  ASSERT_EQ(parsed.header.fields().size(), 2u);
  EXPECT_EQ(parsed.header.fields()[0].value, "a@b");
  EXPECT_EQ(parsed.header.fields()[1].value, "  x\n\ty\n z");
  EXPECT_EQ(parsed.body.bytes(), "body\r\n");
}

TEST(ParseOctets, RoundTripsCrlf) {
  const std::string octets = "A: 1\r\nB:\r\n c\r\na: 2\r\n\r\nx\r\n\r\n.y\nz\r";
  const ParsedOctets parsed = ParseOctets(octets);
  EXPECT_EQ(ToOctets(parsed.header, parsed.body), octets);
  EXPECT_EQ(parsed.header.fields()[2].origin, 2u);
}

TEST(ParseOctets, ReadsBareLfAndLeavesTheBodyAlone) {
  const ParsedOctets parsed = ParseOctets("A: 1\n b\n\nx\ny\n");
  EXPECT_EQ(parsed.header.fields()[0].value, " 1\n b");
  EXPECT_EQ(parsed.body.bytes(), "x\ny\n");
}

TEST(ParseOctets, BeginsTheBodyAtALineThatIsNoField) {
  for (const char* line :
       {"hello", ": x", " indented", "two words: x", "\xc3\xa4: x"}) {
    const std::string body = std::string(line) + "\r\nC: d\r\n";
    EXPECT_EQ(ParseOctets("A: b\r\n\r\n" + body).body.bytes(), body);
    if (line[0] == ' ') continue;  // after a field, a continuation
    EXPECT_EQ(ParseOctets("A: b\r\n" + body).body.bytes(), body) << line;
  }
  EXPECT_EQ(ParseOctets(" indented\r\n").body.bytes(), " indented\r\n");
}

TEST(ParseOctets, SkipsAnMboxSeparatorButNoFromField) {
  EXPECT_EQ(ParseOctets("From a@b Sat Nov 21 12:00:00 2026\nA: b\n\n")
                .header.fields()
                .size(),
            1u);
  EXPECT_NE(ParseOctets("From : a@b\n\n").header.Find("From"), nullptr);
}

TEST(ParseOctets, TakesEveryEnd) {
  EXPECT_TRUE(ParseOctets("").header.fields().empty());
  EXPECT_EQ(ParseOctets("\r\nx").body.bytes(), "x");
  EXPECT_EQ(ParseOctets("A: b").header.fields().size(), 1u);
  EXPECT_EQ(ParseOctets("A: b\r\n").body.size(), 0u);
  EXPECT_EQ(ParseOctets("A: b\r\n ").header.fields()[0].value, " b\n ");
}

TEST(ParseOctets, KeepsNulBareCrAndEightBitOctets) {
  const std::string octets("A: \0\rx\xff\r\n\r\n\0\r\xff", 14);
  const ParsedOctets parsed = ParseOctets(octets);
  EXPECT_EQ(parsed.header.fields()[0].value, std::string(" \0\rx\xff", 5));
  EXPECT_EQ(ToOctets(parsed.header, parsed.body), octets);
}

TEST(ParseOctets, TakesAHundredThousandFieldsAndALongOne) {
  std::string octets;
  for (int i = 0; i < 100'000; ++i) octets += "X: y\r\n";
  octets += "Y: " + std::string(200'000, 'z') + "\r\n\r\n";
  const ParsedOctets parsed = ParseOctets(octets);
  EXPECT_EQ(parsed.header.fields().size(), 100'001u);
  EXPECT_EQ(parsed.header.Find("y")->value.size(), 200'001u);
}

}  // namespace
}  // namespace postern
