#include "policy/message/base64_runs.h"

#include <string>

#include <gtest/gtest.h>

#include "policy/facts/body_shape.h"
#include "policy/message/base64_scan.h"
#include "policy/message/message.h"
#include "policy/message/mime.h"

namespace postern {
namespace {

std::string Lines(std::size_t count, std::size_t width = 76) {
  std::string lines;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < width; ++j)
      lines +=
          "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
          "+/"[(i + j * 7) % 64];
    lines += "\r\n";
  }
  return lines;
}

std::string TwoAttachments(const std::string& first,
                           const std::string& second) {
  return "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
         "--b\r\nContent-Type: image/png\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         first +
         "\r\n--b\r\nContent-Type: text/plain\r\n"
         "Content-Transfer-Encoding: base64\r\n\r\n" +
         second + "\r\n--b--\r\n";
}

TEST(Base64Runs, AreWholeLinesOfOneLength) {
  const std::string lines = Lines(200);
  const Base64Runs runs =
      FindBase64Runs("text\r\n" + lines + "QUJD\r\n" + Lines(300, 60) + "--b");
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].begin, 6U);
  EXPECT_EQ(runs[0].end, 6 + lines.size());
  EXPECT_EQ(runs[0].stride, 78U);
  EXPECT_EQ(runs[1].stride, 62U);
}

TEST(Base64Runs, EndWhereALineIsOther) {
  for (const std::string& other :
       {std::string(76, '-') + "\r\n", std::string(76, 'A') + "\n\n",
        std::string(75, 'A') + ":\r\n", " " + std::string(75, 'A') + "\r\n",
        std::string(38, 'A') + "\n" + std::string(37, 'A') + "\r\n",
        std::string(75, 'A') + "\x80\r\n"}) {
    const std::string lines = Lines(150);
    const Base64Runs runs = FindBase64Runs(lines + other + lines);
    ASSERT_EQ(runs.size(), 2U) << other;
    EXPECT_EQ(runs[0].end, lines.size()) << other;
    EXPECT_EQ(runs[1].begin, lines.size() + other.size()) << other;
  }
}

TEST(Base64Runs, SmallOnesAreLeftOut) {
  EXPECT_TRUE(FindBase64Runs(Lines(50)).empty());
  EXPECT_TRUE(FindBase64Runs(Lines(1'000, 20)).empty());
  EXPECT_TRUE(FindBase64Runs("").empty());
}

TEST(Base64Runs, ChangeNothingOfWhatMimeReads) {
  for (const std::string& first :
       {Lines(3'000), Lines(200) + "QQ==", Lines(100) + "\r\n" + Lines(400)}) {
    const ParsedOctets message =
        ParseOctets(TwoAttachments(first, Lines(500) + "QUJD"));
    const MimeStructure with = ReadMime(message.header, message.body);
    const MimeStructure without = ReadMime(message.header, message.body, {});
    ASSERT_EQ(with.parts.size(), 2U);
    ASSERT_EQ(without.parts.size(), 2U);
    EXPECT_EQ(with.warnings, without.warnings);
    for (std::size_t i = 0; i < 2; ++i) {
      EXPECT_EQ(with.parts[i].begin, without.parts[i].begin);
      EXPECT_EQ(with.parts[i].end, without.parts[i].end);
      EXPECT_EQ(with.parts[i].text, without.parts[i].text);
    }
  }
}

TEST(Base64Runs, ChangeNothingOfTheShape) {
  const std::string odd = "\xc3\xa4\n" + std::string(120, 'x') + "\r\n";
  const BodyShape shape = ShapeOf(odd + Lines(200, 80) + "end\r");
  EXPECT_EQ(shape.base64.size(), 1U);
  EXPECT_EQ(shape.longest_line, 120U);
  EXPECT_TRUE(shape.has_bare_lf);
  EXPECT_TRUE(shape.has_bare_cr);
  EXPECT_TRUE(shape.has_eight_bit);
  const BodyShape plain = ShapeOf("x\r\n" + Lines(200, 80));
  EXPECT_EQ(plain.longest_line, 80U);
  EXPECT_FALSE(plain.has_bare_lf || plain.has_bare_cr || plain.has_eight_bit);
}

TEST(Base64Runs, ChangeNothingOfWhatAScanFinds) {
  for (const char* tail : {"", "QQ==\r\n", "QQ==\r\nmore", "QUJ", "Q*D="})
    for (const char* head : {"", "QQ==\r\n", "*\r\n"}) {
      const std::string body = std::string(head) + Lines(200) + tail;
      const Base64Scan with =
          ScanBase64(body, 0, body.size(), FindBase64Runs(body));
      const Base64Scan without = ScanBase64(body);
      EXPECT_EQ(with.has_foreign, without.has_foreign) << head << tail;
      EXPECT_EQ(with.is_cut, without.is_cut) << head << tail;
      EXPECT_EQ(with.has_more, without.has_more) << head << tail;
    }
}

}  // namespace
}  // namespace postern
