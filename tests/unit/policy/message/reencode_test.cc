#include "policy/message/reencode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/transfer_encoding.h"

namespace postern {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::size_t kAll = 100'000'000;

Message FromOctets(std::string_view octets) {
  ParsedOctets parsed = ParseOctets(octets);
  Message message;
  message.header = std::move(parsed.header);
  message.body = std::move(parsed.body);
  return message;
}

std::optional<Reencoded> Mended(const Message& message) {
  return ReencodeForTransport(message, ReadMime(message.header, message.body));
}

std::string Octets(const std::optional<Reencoded>& mended) {
  return mended ? ToOctets(mended->header, mended->body) : "nullopt";
}

void ExpectTransportable(std::string_view octets) {
  for (std::string_view line : Split(octets, '\n')) {
    if (line.empty()) continue;
    EXPECT_TRUE(line.ends_with('\r')) << line;
    EXPECT_LE(line.size(), 999u);
    EXPECT_EQ(line.find('\r'), line.size() - 1);
  }
  for (const char c : octets) {
    EXPECT_NE(c, '\0');
    EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

// Decoded leaves of a message.
std::vector<std::string> Leaves(const Header& header, const Body& body) {
  std::vector<std::string> leaves;
  for (const MimePart& part : ReadMime(header, body).parts)
    leaves.push_back(
        DecodeTransfer(body.bytes().substr(part.begin, part.end - part.begin),
                       part.encoding, kAll));
  return leaves;
}

TEST(ReencodeForTransport, GivesMimeFieldsToAMessageWithoutThem) {
  const std::string text =
      "J\xc3\xb6rg\r\n" + std::string(2000, 'x') + "\r\n.\r\nFrom \r\n";
  const Message message = FromOctets("Subject: x\r\n\r\n" + text);
  const auto mended = Mended(message);
  ASSERT_TRUE(mended);
  ExpectTransportable(mended->body.bytes());
  EXPECT_EQ(mended->header.Find("MIME-Version")->value, " 1.0");
  EXPECT_EQ(mended->header.Find("Content-Type")->value,
            " text/plain; charset=utf-8");
  EXPECT_EQ(ReadMime(mended->header, mended->body).parts[0].text, text);
  const Message latin = FromOctets("Subject: x\r\n\r\nJ\xf6rg");
  EXPECT_THAT(Octets(Mended(latin)), HasSubstr("iso-8859-1"));
}

TEST(ReencodeForTransport, ReplacesTheEncodingFieldInPlace) {
  const Message message = FromOctets(
      "Content-Transfer-Encoding: 8bit\r\nContent-Type: text/html; "
      "charset=koi8-r\r\nContent-Transfer-Encoding: 7bit\r\n\r\n\xc1\r\n");
  EXPECT_EQ(Octets(Mended(message)),
            "Content-Transfer-Encoding: quoted-printable\r\n"
            "Content-Type: text/html; charset=koi8-r\r\nMIME-Version: 1.0\r\n"
            "\r\n=C1\r\n");
}

constexpr std::string_view kHead =
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n";

TEST(ReencodeForTransport, ChangesOnlyTheLeavesThatNeedIt) {
  const std::string octets =
      std::string(kHead) +
      "preamble\r\n--b\r\n\r\nplain\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "content-transfer-encoding:\r\n 8bit\r\nX: y\r\n\r\nJ\xc3\xb6 \r\n\r\n"
      "--b\r\n\r\n\xc3\xb6\r\n"
      "--b\r\nContent-Type: application/x-y\r\n\r\na\xff\r\n"
      "--b--\r\nepilogue\r\n";
  EXPECT_EQ(Octets(Mended(FromOctets(octets))),
            std::string(kHead) +
                "preamble\r\n--b\r\n\r\nplain\r\n"
                "--b\r\nContent-Type: text/plain; charset=utf-8\r\n"
                "X: y\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                "J=C3=B6=20\r\n\r\n"
                "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                "=C3=B6\r\n"
                "--b\r\nContent-Type: application/x-y\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\nYf8=\r\n"
                "--b--\r\nepilogue\r\n");
}

TEST(ReencodeForTransport, LeavesAFitMessageOctetForOctet) {
  for (const std::string& octets :
       {std::string("A: b\r\n\r\nhello\r\n"), std::string("A: b\r\n\r\n"),
        std::string(kHead) +
            "--b\r\n\r\nx\r\n--b\r\nContent-Transfer-Encoding: base64\r\n"
            "\r\nAAAA\r\n--b--\r\n"})
    EXPECT_EQ(Octets(Mended(FromOctets(octets))), octets);
}

TEST(ReencodeForTransport, WrapsLongBase64AndQuotedPrintable) {
  const Message message = FromOctets(
      std::string(kHead) +
      "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64"
      "\r\n\r\n" +
      std::string(4000, 'A') +
      "\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=3D" +
      std::string(1000, 'x') + "\r\n--b--\r\n");
  const auto mended = Mended(message);
  ASSERT_TRUE(mended);
  ExpectTransportable(mended->body.bytes());
  EXPECT_EQ(Leaves(mended->header, mended->body),
            Leaves(message.header, message.body));
}

TEST(ReencodeForTransport, KeepsTheOctetsOfWhatIsNoText) {
  std::string octets;
  for (int i = 0; i < 256; ++i) octets += static_cast<char>(i);
  octets += "\r\n\n\r";
  const Message message =
      FromOctets(std::string(kHead) + "--b\r\nContent-Type: image/png\r\n\r\n" +
                 octets + "\r\n--b--\r\n");
  const auto mended = Mended(message);
  ASSERT_TRUE(mended);
  ExpectTransportable(mended->body.bytes());
  EXPECT_EQ(Leaves(mended->header, mended->body)[0], octets);
}

TEST(ReencodeForTransport, MendsLineEndsAndNul) {
  EXPECT_EQ(Octets(Mended(FromOctets("A: b\n\nx\ny\rz\n"))),
            "A: b\r\n\r\nx\r\ny\r\nz\r\n");
  const Message nul = FromOctets(std::string_view("A: b\n\nx\0\n", 9));
  EXPECT_THAT(Octets(Mended(nul)), HasSubstr("x=00\r\n"));
  std::string lf;
  for (const char c : std::string(kHead) + "--b\r\n\r\n\xc3\xb6\r\n--b--\r\n")
    if (c != '\r') lf += c;
  EXPECT_EQ(Octets(Mended(FromOctets(lf))),
            std::string(kHead) +
                "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                "=C3=B6\r\n--b--\r\n");
}

TEST(ReencodeForTransport, EncodesInsideAnEmbeddedMessage) {
  const Message message = FromOctets(
      std::string(kHead) +
      "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n\xc3\xb6\r\n--b--\r\n");
  EXPECT_THAT(Octets(Mended(message)),
              HasSubstr("message/rfc822\r\n\r\nSubject: x\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                        "=C3=B6\r\n--b--"));
}

// Postfix converts what is declared 8bit, whatever it is.
TEST(ReencodeForTransport, SaysSevenBitOfWhatOnlyClaimsToBeMore) {
  const Message single = FromOctets(
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: "
      "8bit\r\n\r\nx\r\n");
  EXPECT_THAT(Octets(Mended(single)),
              HasSubstr("Content-Transfer-Encoding: 7bit\r\n"));
  const Message parts = FromOctets(
      "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n"
      "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n"
      "content-transfer-encoding: BINARY\r\n\r\n--c\r\n"
      "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
      "x\r\n--c--\r\n--b--\r\n");
  EXPECT_TRUE(ReadMime(parts.header, parts.body).declares_eight_bit);
  const auto mended = Mended(parts);
  ASSERT_TRUE(mended);
  EXPECT_FALSE(ReadMime(mended->header, mended->body).declares_eight_bit);
}

TEST(ReencodeForTransport, NeverEntersAnAttachedMessageThatIsSigned) {
  const std::string inner =
      "DKIM-Signature: v=1; d=x.example; b=AA==\r\nSubject: inner\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n";
  const auto with = [&](const std::string& own, const std::string& attached) {
    return FromOctets(
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
        "\r\n--b\r\n\r\n" +
        own + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner +
        attached + "\r\n--b--\r\n");
  };
  EXPECT_FALSE(Mended(with("see below", "J\xc3\xb6rg")));
  const Message beside = with("J\xc3\xb6rg", "ascii");
  EXPECT_THAT(Octets(Mended(beside)), HasSubstr(inner + "ascii\r\n"));
}

TEST(ReencodeForTransport, SaysTheTruthOfThePartAroundASignedMessage) {
  // As Postfix writes a bounce of what we signed.
  const std::string before =
      "MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=b\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n--b\r\n"
      "Content-Type: text/plain\r\n\r\nno\r\n\r\n--b\r\n"
      "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  const std::string attached =
      "DKIM-Signature: v=1; d=x.example; b=AA==\r\nSubject: inner\r\n";
  const std::string after = "\r\nascii\r\n--b--\r\n";
  const auto plain = Mended(FromOctets(before + attached + after));
  EXPECT_THAT(Octets(plain), Not(HasSubstr("8bit")));
  EXPECT_THAT(Octets(plain), HasSubstr(attached + after));
  // What the attached message says of itself is signed.
  const std::string own = "Content-Transfer-Encoding: 8bit\r\n";
  EXPECT_THAT(Octets(Mended(FromOctets(before + attached + own + after))),
              HasSubstr(attached + own + after));
}

TEST(ReencodeForTransport, LeavesAloneWhatItMustNotTouch) {
  const char* const bodies[] = {
      ("Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n\xff\r\n"
       "--b--\r\n"),
      "Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\n\xff\r\n--b--\r\n",
      "Content-Type: message/delivery-status\r\n\r\n\xff\r\n",
      "Content-Type: text/plain\r\nContent-Type: text/html\r\n\r\n\xff\r\n",
      "Content-Transfer-Encoding: x-uuencode\r\n\r\n\xff\r\n"};
  for (const char* octets : bodies)
    EXPECT_FALSE(Mended(FromOctets(octets))) << octets;
  MimeStructure over;
  over.is_over_limit = true;
  EXPECT_FALSE(ReencodeForTransport(FromOctets("A: b\r\n\r\nx"), over));
}

TEST(ReencodeForTransport, MakesNoPartOfABareCr) {
  EXPECT_FALSE(Mended(FromOctets(
      std::string(kHead) + "--b\r\n\r\n\xff\r--b\r\n\r\ny\r\n--b--\r\n")));
}

TEST(ReencodeForTransport, LeavesAMalformedPartThatWouldReadDifferently) {
  EXPECT_FALSE(Mended(FromOctets(
      "Content-Type: multipart/digest; boundary=b\n\n--b\nS\nujbect: x\n\ny\n"
      "\r-b\n\n\n\n--b--")));
}

TEST(ReencodeForTransport, TakesThirtyMegabytes) {
  std::string octets =
      "Content-Type: text/plain; charset=utf-8\r\n\r\n\xc3\xb6";
  octets.append(30'000'000, 'x');
  const auto mended = Mended(FromOctets(octets));
  ASSERT_TRUE(mended);
  EXPECT_GT(mended->body.size(), 30'000'000u);
}

}  // namespace
}  // namespace postern
