#include "policy/message/transfer_encoding.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kAll = 1'000'000;

std::size_t LongestLine(std::string_view text) {
  std::size_t longest = 0;
  for (std::string_view line : Split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    longest = std::max(longest, line.size());
  }
  return longest;
}

TEST(QuotedPrintable, RoundTripsEveryOctetAtEveryColumn) {
  for (std::size_t indent = 70; indent < 80; ++indent) {
    for (int octet = 0; octet < 256; ++octet) {
      std::string text(indent, 'x');
      text += std::string(3, static_cast<char>(octet)) + "y \r\n \t\r\nFrom z";
      const std::string encoded = EncodeQuotedPrintable(text);
      EXPECT_EQ(DecodeTransfer(encoded, "quoted-printable", kAll), text);
      EXPECT_LE(LongestLine(encoded), 76u);
    }
  }
}

TEST(QuotedPrintable, ProtectsWhatTransportsChange) {
  EXPECT_EQ(EncodeQuotedPrintable("From x\r\n.\r\na \r\nb\t"),
            "=46rom x\r\n=2E\r\na=20\r\nb=09");
  EXPECT_EQ(EncodeQuotedPrintable("a\rb\nc\r"), "a=0Db=0Ac=0D");
  EXPECT_EQ(EncodeQuotedPrintable(std::string(76, 'x')), std::string(76, 'x'));
  EXPECT_EQ(EncodeQuotedPrintable(std::string(77, 'x')),
            std::string(75, 'x') + "=\r\nxx");
}

TEST(QuotedPrintable, MakesNoBoundaryByASoftBreak) {
  EXPECT_EQ(EncodeQuotedPrintable("--b\r\n" + std::string(75, 'x') + "--b"),
            "--b\r\n" + std::string(75, 'x') + "=\r\n=2D-b");
}

TEST(QuotedPrintable, DecodesAsReadersDo) {
  EXPECT_EQ(DecodeTransfer("a=3d=\r\nb=  \nc=zz=", "quoted-printable", kAll),
            "a=bc=zz");
  EXPECT_EQ(DecodeTransfer("abcdef", "quoted-printable", 3), "abc");
  EXPECT_EQ(DecodeTransfer("", "quoted-printable", kAll), "");
}

TEST(Base64Lines, RoundTrip) {
  std::string octets;
  for (int i = 0; i < 300; ++i) {
    const std::string lines = EncodeBase64Lines(octets);
    EXPECT_EQ(DecodeTransfer(lines, "base64", kAll), octets);
    EXPECT_LE(LongestLine(lines), 76u);
    octets += static_cast<char>(i * 31);
  }
}

TEST(Base64Lines, DecodeAsReadersDo) {
  EXPECT_EQ(DecodeTransfer("YW*Jj\r\nZA==YQ==", "base64", kAll), "abcda");
  EXPECT_EQ(DecodeTransfer("YWJjZGVm", "base64", 4), "abcd");
  EXPECT_EQ(DecodeTransfer("Y", "base64", kAll), "");
}

TEST(DecodeTransfer, LeavesOtherEncodingsAlone) {
  EXPECT_EQ(DecodeTransfer("=3D", "8bit", kAll), "=3D");
  EXPECT_EQ(DecodeTransfer("=3D", "", 2), "=3");
}

TEST(ToCrlf, MendsEveryLineEnd) {
  EXPECT_EQ(ToCrlf("a\nb\rc\r\nd\r\r\ne\n\n"),
            "a\r\nb\r\nc\r\nd\r\n\r\ne\r\n\r\n");
  EXPECT_EQ(ToCrlf(""), "");
  EXPECT_EQ(ToCrlf("\r"), "\r\n");
}

}  // namespace
}  // namespace postern
