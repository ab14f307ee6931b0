#include "policy/message/mime_outline.h"

#include <gtest/gtest.h>

#include "policy/message/base64_scan.h"
#include "policy/message/message.h"

namespace postern {
namespace {

MimeOutline OutlineOf(const std::string& octets) {
  const ParsedOctets parsed = ParseOctets(octets);
  return ReadOutline(parsed.header, parsed.body.bytes());
}

std::string TypesOf(const MimeOutline& outline) {
  std::string types;
  for (const OutlinePart& part : outline.parts)
    types += std::to_string(part.depth) + " " + part.content_type.type + "\n";
  return types;
}

TEST(ReadContentType, ReadsTypeAndBoundary) {
  const ContentType type = ReadContentType(
      " Multipart/Mixed (comment); x=\"a;b\"; BOUNDARY = \"a \\\"b\"");
  EXPECT_TRUE(type.is_readable);
  EXPECT_EQ(type.type, "multipart/mixed");
  EXPECT_EQ(type.boundary, "a \"b");
  EXPECT_FALSE(type.has_second_boundary);
}

TEST(ReadContentType, NamesWhatIsNone) {
  for (const char* value : {"", "text", "text/", "/plain", "text plain/x"})
    EXPECT_FALSE(ReadContentType(value).is_readable) << value;
  EXPECT_TRUE(ReadContentType("multipart/mixed; boundary=a; boundary=b")
                  .has_second_boundary);
}

TEST(ReadOutline, WalksMultipartsAndMessages) {
  const MimeOutline outline = OutlineOf(
      "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\n"
      "Content-Type: multipart/alternative;\n boundary=\"a1\"\n\n"
      "--a1\n\nplain\n--a1\nContent-Type: text/html\n\n<p>\n--a1--\n"
      "--a\nContent-Type: message/rfc822\n\nSubject: x\n\ntext\n--a--\nend\n");
  EXPECT_EQ(TypesOf(outline),
            "0 multipart/mixed\n1 multipart/alternative\n2 text/plain\n"
            "2 text/html\n1 message/rfc822\n2 text/plain\n");
  EXPECT_TRUE(outline.parts[0].is_closed);
  EXPECT_TRUE(outline.parts[1].is_closed);
  EXPECT_EQ(outline.CountLeaves(), 3u);
}

TEST(ReadOutline, SeesWhatIsNeverClosedOrMet) {
  const MimeOutline open =
      OutlineOf("Content-Type: multipart/mixed; boundary=a\n\n--a\n\ntext\n");
  EXPECT_TRUE(open.parts[0].is_met);
  EXPECT_FALSE(open.parts[0].is_closed);
  EXPECT_FALSE(OutlineOf("Content-Type: multipart/mixed; boundary=a\n\ntext\n")
                   .parts[0]
                   .is_met);
}

TEST(ReadOutline, SeesContradictionsAndRepeatedBoundaries) {
  EXPECT_TRUE(OutlineOf("Content-Type: text/plain\nContent-Type: text/html\n\n")
                  .parts[0]
                  .has_conflict);
  EXPECT_TRUE(OutlineOf("Content-Type: multipart/mixed; boundary=a\n\n--a\n"
                        "Content-Type: multipart/mixed; boundary=a\n\n--a--\n")
                  .parts[1]
                  .repeats_boundary);
}

TEST(ReadOutline, IsBounded) {
  std::string nested = "Content-Type: message/rfc822\n\n";
  for (int i = 0; i < 1000; ++i) nested += "Content-Type: message/rfc822\n\n";
  EXPECT_TRUE(OutlineOf(nested).is_over_limit);
  std::string parts = "Content-Type: multipart/mixed; boundary=a\n\n";
  for (int i = 0; i < 100'000; ++i) parts += "--a\n\n";
  EXPECT_TRUE(OutlineOf(parts).is_over_limit);
  EXPECT_LE(OutlineOf(parts).parts.size(), MimeOutline::kMaxParts);
}

TEST(ScanBase64, TakesWhatIsGood) {
  for (const char* text : {"", "QUJD", "QUI=", "QQ==\r\n", "QUJD\r\nQUI=\r\n"})
    EXPECT_TRUE(ScanBase64(text).is_good()) << text;
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += std::string(76, 'Z') + "\r\n";
  EXPECT_TRUE(ScanBase64(lines).is_good());
}

TEST(ScanBase64, NamesWhatIsNot) {
  EXPECT_TRUE(ScanBase64("QU*D").has_foreign);
  EXPECT_TRUE(ScanBase64(std::string(40, 'A') + "\x80" + "AAA").has_foreign);
  EXPECT_TRUE(ScanBase64("QUJDR").is_cut);
  EXPECT_TRUE(ScanBase64("QQ==QUJD").has_more);
  EXPECT_TRUE(ScanBase64("QQ==\r\n-- \r\nfooter").has_more);
  EXPECT_TRUE(ScanBase64(std::string(64, '@')).has_foreign);
}

}  // namespace
}  // namespace postern
