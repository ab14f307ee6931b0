#include "policy/message/mime.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/charset.h"
#include "policy/message/message.h"

namespace postern {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

struct Reading {
  ParsedOctets message;
  MimeStructure mime;
  [[nodiscard]] std::string Raw(std::size_t i) const {
    const MimePart& part = mime.parts[i];
    return std::string(
        message.body.bytes().substr(part.begin, part.end - part.begin));
  }
};

Reading Read(std::string_view octets) {
  Reading reading{ParseOctets(octets), {}};
  reading.mime = ReadMime(reading.message.header, reading.message.body);
  return reading;
}

TEST(ReadMime, TakesAMessageWithoutMimeAsText) {
  const Reading reading = Read("Subject: x\r\n\r\nhello\r\n");
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_EQ(reading.mime.parts[0].type, "text/plain");
  EXPECT_EQ(reading.mime.parts[0].text, "hello\r\n");
  EXPECT_EQ(reading.Raw(0), "hello\r\n");
  EXPECT_THAT(reading.mime.warnings, IsEmpty());
}

TEST(ReadMime, DecodesASinglePart) {
  const Reading reading = Read(
      "Content-Type: Text/HTML;\r\n charset=\"ISO-8859-1\"\r\n"
      "Content-Transfer-Encoding: Quoted-Printable (x)\r\n\r\nJ=F6=\r\nrg");
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_EQ(reading.mime.parts[0].type, "text/html");
  EXPECT_EQ(reading.mime.parts[0].charset, "iso-8859-1");
  EXPECT_EQ(reading.mime.parts[0].encoding, "quoted-printable");
  EXPECT_EQ(reading.mime.parts[0].text, "J\xc3\xb6rg");
}

constexpr std::string_view kMixed =
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n"
    "preamble\r\n--b\r\n"
    "Content-Type: multipart/alternative; boundary=bb\r\n\r\n"
    "--bb\r\n\r\nplain\r\n"
    "--bb\r\nContent-Type: text/html; charset=utf-8\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nPGI+\r\n--bb--\r\n"
    "--b\r\nContent-Type: application/pdf; name=x.pdf\r\n"
    "Content-Disposition: attachment; filename*=utf-8''r%C3%B6.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\nAAAA\r\n--b\r\n"
    "Content-Type: message/rfc822\r\n\r\n"
    "Subject: inner\r\nContent-Type: text/plain\r\n\r\ninner text\r\n"
    "--b--\r\nepilogue\r\n";

TEST(ReadMime, GivesTheLeavesWithTheirPlaces) {
  const Reading reading = Read(kMixed);
  ASSERT_THAT(reading.mime.parts, SizeIs(4));
  EXPECT_EQ(reading.mime.parts[0].type, "text/plain");
  EXPECT_EQ(reading.Raw(0), "plain");
  EXPECT_EQ(reading.mime.parts[0].depth, 2);
  EXPECT_EQ(reading.Raw(1), "PGI+");
  EXPECT_EQ(reading.mime.parts[1].text, "<b>");
  EXPECT_EQ(reading.Raw(2), "AAAA\r\nAAAA");
  EXPECT_EQ(reading.mime.parts[2].file_name, "r\xc3\xb6.pdf");
  EXPECT_TRUE(reading.mime.parts[2].is_attachment);
  EXPECT_EQ(reading.mime.parts[2].text, "");
  EXPECT_EQ(reading.Raw(3), "inner text");
  EXPECT_EQ(reading.mime.parts[3].depth, 2);
  EXPECT_THAT(reading.mime.warnings, IsEmpty());
  EXPECT_FALSE(reading.mime.is_signed_or_encrypted);
}

TEST(ReadMime, ReadsBareLfLikeCrlf) {
  std::string octets;
  for (const char c : kMixed)
    if (c != '\r') octets += c;
  EXPECT_THAT(Read(octets).mime.parts, SizeIs(4));
  EXPECT_EQ(Read(octets).Raw(2), "AAAA\nAAAA");
}

TEST(ReadMime, KnowsSignedAndEncrypted) {
  for (const char* type :
       {"multipart/signed; boundary=b", "multipart/encrypted; boundary=b",
        "application/pkcs7-mime", "Application/X-PKCS7-MIME; name=smime.p7m"}) {
    const std::string head = "Content-Type: " + std::string(type);
    EXPECT_TRUE(Read(head + "\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n")
                    .mime.is_signed_or_encrypted)
        << type;
  }
  EXPECT_TRUE(Read("A: b\n\nx\n-----BEGIN PGP SIGNED MESSAGE-----\n")
                  .mime.is_signed_or_encrypted);
  EXPECT_FALSE(Read("A: b\n\n> -----BEGIN PGP MESSAGE-----\n")
                   .mime.is_signed_or_encrypted);
}

TEST(ReadMime, WarnsWhereReadersDiffer) {
  EXPECT_THAT(Read("Content-Type: text/plain\nContent-Type: text/html\n\nx")
                  .mime.warnings,
              Contains("more than one Content-Type"));
  EXPECT_THAT(Read("Content-Type: multipart/mixed\n\nx").mime.warnings,
              Contains("multipart without boundary"));
  EXPECT_THAT(Read("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n")
                  .mime.warnings,
              Contains("multipart is not closed"));
  EXPECT_THAT(
      Read("Content-Type: text/plain; charset=x-odd\n\n\xff").mime.warnings,
      Contains("unknown charset"));
}

TEST(ReadMime, KeepsTheTextOfAMultipartWithoutParts) {
  const Reading reading = Read(
      "Content-Type: multipart/mixed; boundary=b\r\n\r\nhttp://x.example\r\n");
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_THAT(reading.mime.parts[0].text,
              testing::HasSubstr("http://x.example"));
  EXPECT_EQ(reading.mime.parts[0].end, 0u);
}

TEST(ReadMime, GivesUtf8UnderWhateverNameItCame) {
  const Reading reading = Read(
      "Content-Type: text/plain; charset=\"utf-8\xc2\x8d\"\r\n\r\n"
      "J\xc3\xb6rg \xf7\xab\x81\xb6\r\n");
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_TRUE(IsUtf8(reading.mime.parts[0].text));
  EXPECT_TRUE(reading.mime.parts[0].text.starts_with("J\xc3\xb6rg "));
}

TEST(ReadMime, ReplacesWhatCannotBeConverted) {
  EXPECT_EQ(Read("Content-Type: text/plain; charset=utf-8\n\na\xff")
                .mime.parts[0]
                .text,
            "a\xef\xbf\xbd");
  EXPECT_EQ(Read("Content-Type: text/plain; charset=shift_jis\n\na\x81")
                .mime.parts[0]
                .text,
            "a\xef\xbf\xbd");
  EXPECT_EQ(Read("Content-Type: text/plain; charset=windows-1252\n\n\x80")
                .mime.parts[0]
                .text,
            "\xe2\x82\xac");
}

TEST(ReadMime, TakesNulBareCrAndEmptiness) {
  EXPECT_THAT(Read("").mime.parts, SizeIs(1));
  EXPECT_EQ(Read(std::string_view("A: b\n\n\0\rx", 9)).mime.parts[0].text,
            std::string_view("\0\rx", 3));
  EXPECT_THAT(Read("Content-Type:\n\nx").mime.parts, SizeIs(1));
}

std::string Nested(int depth) {
  std::string octets = "Content-Type: multipart/mixed; boundary=b0\n\n";
  for (int i = 1; i <= depth; ++i)
    octets += "--b" + std::to_string(i - 1) +
              "\nContent-Type: multipart/mixed; boundary=b" +
              std::to_string(i) + "\n\n";
  return octets;
}

TEST(ReadMime, IsOverLimitWhenNestedTooDeep) {
  EXPECT_FALSE(Read(Nested(90)).mime.is_over_limit);
  EXPECT_TRUE(Read(Nested(110)).mime.is_over_limit);
  EXPECT_TRUE(Read(Nested(9'990)).mime.is_over_limit);
}

TEST(ReadMime, IsOverLimitWithTooManyParts) {
  std::string octets = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 1001; ++i) octets += "--b\n\nx\n";
  EXPECT_TRUE(Read(octets).mime.is_over_limit);
  EXPECT_THAT(Read(octets).mime.parts, SizeIs(MimeStructure::kMaxParts));
  for (int i = 0; i < 100'000; ++i) octets += "--b\n\n";
  EXPECT_THAT(Read(octets).mime.parts, IsEmpty());
}

TEST(ReadMime, IsOverLimitWithHeaderFloodsInAPart) {
  const std::string head =
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
      "message/rfc822\n\n";
  std::string names = head, folds = head + "A: b\n";
  for (int i = 0; i < 100'000; ++i) {
    names += "a:b\n";
    folds += " x\n";
  }
  EXPECT_TRUE(Read(names).mime.is_over_limit);
  EXPECT_TRUE(Read(folds).mime.is_over_limit);
  EXPECT_TRUE(
      Read(head + "A: " + std::string(5'000'000, 'x')).mime.is_over_limit);
  std::string digest = "Content-Type: multipart/digest; boundary=b\n\n--b\n\n" +
                       names.substr(head.size());
  EXPECT_TRUE(Read(digest).mime.is_over_limit);
}

TEST(ReadMime, TakesALongLogAsAPart) {
  std::string octets =
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: "
      "text/plain\n\n";
  for (int i = 0; i < 100'000; ++i) octets += "12:00:01 it went: well\n";
  const Reading reading = Read(octets + "--b--\n");
  EXPECT_FALSE(reading.mime.is_over_limit);
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_LE(reading.mime.parts[0].text.size(), MimeStructure::kTextBytes);
}

TEST(ReadMime, LooksAtNoOtherField) {
  Header header;
  for (int i = 0; i < 100'000; ++i) header.Receive("X", " y");
  header.Receive("Content-Type", " multipart/mixed; boundary=b");
  EXPECT_THAT(ReadMime(header, Body::FromString("--b\n\nx\n--b--\n")).parts,
              SizeIs(1));
  header.Receive("Content-Type", std::string(200'000, 'x'));
  EXPECT_TRUE(ReadMime(header, Body()).is_over_limit ||
              !ReadMime(header, Body()).warnings.empty());
}

TEST(ReadMime, NeverAsksForTheBoundaryThatHangs) {
  std::string name;
  for (int i = 0; i < 36; ++i) name += "\xc3\xa4";
  EXPECT_THAT(
      Read("Content-Type: multipart/mixed; " + name + "=x\n\nx").mime.parts,
      SizeIs(1));
}

TEST(ReadMime, ReadsThirtyMegabytes) {
  std::string octets =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
      "application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string line = std::string(76, 'A') + "\r\n";
  while (octets.size() < 30'000'000) octets += line;
  const Reading reading = Read(octets + "--b--\r\n");
  ASSERT_THAT(reading.mime.parts, SizeIs(1));
  EXPECT_GT(reading.Raw(0).size(), 29'000'000u);
}

}  // namespace
}  // namespace postern
