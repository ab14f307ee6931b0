#include "policy/message/part_content.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

std::string Octets(std::size_t count) {
  std::string octets;
  for (std::size_t i = 0; i < count; ++i)
    octets += static_cast<char>((i * 7919) >> 3);
  return octets;
}

TEST(PartContent, DecodesAnyPlaceOfRegularLines) {
  const std::string octets = Octets(500);
  for (const std::size_t size : {0U, 1U, 2U, 57U, 58U, 59U, 114U, 500U}) {
    const std::string raw =
        EncodeBase64Lines(std::string_view(octets).substr(0, size)) + "\r\n";
    PartContent content(raw, "base64");
    ASSERT_EQ(content.size(), size);
    for (std::size_t at = 0; at <= size; ++at)
      for (const std::size_t count : {1U, 57U, 200U})
        ASSERT_EQ(content.Slice(at, count),
                  octets.substr(0, size).substr(at, count))
            << size << " " << at << " " << count;
  }
}

TEST(PartContent, ReadsIrregularLinesAsMailReadersDo) {
  const std::string octets = Octets(300);
  std::string raw = EncodeBase64Lines(octets);
  raw.insert(30, "\r\n");
  PartContent irregular(raw, "base64");
  EXPECT_EQ(irregular.Slice(0, 1000), octets);

  // A foreign octet in the middle is found only when it is met.
  raw = EncodeBase64Lines(octets);
  raw[100] = '!';
  PartContent foreign(raw, "base64");
  EXPECT_EQ(foreign.Slice(60, 40),
            DecodeTransfer(raw, "base64", 1000).substr(60, 40));
}

TEST(PartContent, TakesLfAloneAndOneLine) {
  const std::string octets = Octets(3000);
  const std::string line =
      Base64Encode(std::string_view(octets).substr(0, 600));
  PartContent one_line(line, "base64");
  EXPECT_EQ(one_line.Slice(0, 600), octets.substr(0, 600));
  std::string raw = EncodeBase64Lines(octets);
  std::erase(raw, '\r');
  PartContent lf(raw, "base64");
  EXPECT_EQ(lf.size(), octets.size());
  EXPECT_EQ(lf.Slice(2000, 500), octets.substr(2000, 500));
}

TEST(PartContent, TakesALastLineThatIsLongerByOne) {
  PartContent content("QUJD\r\nREVGR", "base64");
  EXPECT_EQ(content.Slice(0, 9), DecodeTransfer("QUJD\r\nREVGR", "base64", 9));
}

TEST(PartContent, LeavesOtherEncodingsAsTheyAre) {
  PartContent plain("a=41b", "7bit");
  EXPECT_EQ(plain.Slice(0, 9), "a=41b");
  PartContent quoted("a=41b", "quoted-printable");
  EXPECT_EQ(quoted.Slice(0, 9), "aAb");
  EXPECT_EQ(quoted.Slice(9, 9), "");
}

TEST(PartContent, SaysWhatItCut) {
  const std::string text(PartContent::kMaxWholeBytes + 1, 'x');
  PartContent content(text, "quoted-printable");
  EXPECT_TRUE(content.is_cut());
  EXPECT_EQ(content.size(), PartContent::kMaxWholeBytes);
}

}  // namespace
}  // namespace postern
