// The checks of MIME structure, on messages as they come.

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/config/receivers.h"
#include "policy/facts/body_shape.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

Facts Read(const std::string& octets, const std::string& receiver) {
  static const ReceiversRead kReceivers = BuiltInReceivers();
  ParsedOctets parsed = ParseOctets(octets);
  Facts facts = FactsBuilder()
                    .Recipient("bob@b.example", MailDomain::kHasMx, receiver)
                    .Build();
  for (const ReceiverProfile& profile : kReceivers.profiles)
    if (profile.name == receiver) facts.recipients[0].profile = &profile;
  Message message;
  message.header = std::move(parsed.header);
  message.body = std::move(parsed.body);
  facts.message = std::make_shared<const Message>(std::move(message));
  facts.body = ShapeOf(facts.message->body.bytes());
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  for (const MimePart& part : facts.mime.parts)
    if (part.type == "text/html")
      facts.html.push_back(
          std::make_shared<const HtmlFacts>(ReadHtml(part.text)));
  GatherMime(&facts);
  return facts;
}

std::string Told(const Check& check, const std::string& octets,
                 const std::string& receiver = "selfhost") {
  const std::vector<Verdict> verdicts = check.run(Read(octets, receiver));
  return verdicts.empty() ? "" : verdicts.front().detail;
}

std::string Part(const std::string& type, const std::string& encoding,
                 const std::string& body) {
  return "MIME-Version: 1.0\r\nContent-Type: " + type +
         "\r\nContent-Transfer-Encoding: " + encoding + "\r\n\r\n" + body;
}

std::string Multipart(const std::string& inner,
                      const std::string& type = "mixed; boundary=b") {
  return "MIME-Version: 1.0\r\nContent-Type: multipart/" + type + "\r\n\r\n" +
         inner;
}

std::string Nested(int levels) {
  std::string text = "Content-Type: multipart/mixed; boundary=b0\r\n\r\n";
  for (int i = 1; i < levels; ++i)
    text += "--b" + std::to_string(i - 1) +
            "\r\nContent-Type: multipart/mixed; boundary=b" +
            std::to_string(i) + "\r\n\r\n";
  text += "--b" + std::to_string(levels - 1) + "\r\n\r\ntext\r\n";
  for (int i = levels; i-- > 0;) text += "--b" + std::to_string(i) + "--\r\n";
  return text;
}

TEST(MimeChecks, FindNothingInOrdinaryMail) {
  const std::string plain = "Subject: x\r\n\r\nHello\r\n";
  const std::string ordinary = Multipart(
      "--b\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n"
      "Content-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=C3=A9\r\n"
      "--c\r\nContent-Type: text/html; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n<p>caf\u00e9</p>\r\n--c--\r\n"
      "--b\r\nContent-Type: application/pdf; name=a.pdf\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\nQUJDRA==\r\n--b--\r\n");
  for (const std::string& octets : {plain, ordinary})
    for (const Check* check :
         {&kBodyUndeclaredEightBit, &kTransferEncodingInvalid,
          &kBoundaryInvalid, &kMimeTooDeep, &kMimeDeep, &kMimeTooManyParts,
          &kContentTypeInvalid, &kMimeVersionMissing, &kCharsetInvalid,
          &kBase64Corrupt, &kMessageEmpty, &kAlternativeMismatch,
          &kBase64PlainText, &kMimeAmbiguous})
      EXPECT_EQ(Told(*check, octets), "") << check->id;
}

TEST(BodyUndeclaredEightBit, LooksAtEachPart) {
  EXPECT_NE(Told(kBodyUndeclaredEightBit, "Subject: x\r\n\r\ncaf\u00e9\r\n"),
            "");
  EXPECT_EQ(Told(kBodyUndeclaredEightBit,
                 Part("text/plain; charset=utf-8", "8bit", "caf\u00e9\r\n")),
            "");
}

TEST(TransferEncodingInvalid, FailsOnContainersAndUnknownNames) {
  EXPECT_NE(Told(kTransferEncodingInvalid,
                 Part("multipart/mixed; boundary=b", "base64",
                      "--b\r\n\r\nx\r\n--b--\r\n")),
            "");
  EXPECT_NE(Told(kTransferEncodingInvalid, Part("text/plain", "utf-8", "x")),
            "");
}

TEST(BoundaryInvalid, FailsWhereItIsMissingIllegalUnmetOrOpen) {
  for (const std::string& octets :
       {Multipart("text\r\n", "mixed"), Multipart("text\r\n"),
        Multipart("--b\r\n\r\ntext\r\n"),
        Multipart("--b{\r\n\r\nx\r\n--b{--\r\n", "mixed; boundary=\"b{\""),
        Multipart("--" + std::string(71, 'x') + "\r\n\r\nx\r\n",
                  "mixed; boundary=" + std::string(71, 'x'))})
    EXPECT_NE(Told(kBoundaryInvalid, octets), "") << octets;
}

// A message, whole or as a file, has the same parts to both readers.
TEST(MimeAmbiguous, PassesForMessagesInMessages) {
  const std::string inner =
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n"
      "\r\na\r\n--i\r\n\r\nb\r\n--i--\r\n";
  for (const std::string type :
       {"rfc822", "rfc2822", "global", "news", "partial", "external-body",
        "delivery-status", "disposition-notification", "feedback-report"})
    for (const std::string encoding :
         {"7bit", "8bit", "base64", "quoted-printable", "x-uuencode"}) {
      const std::string part = Part("message/" + type, encoding, inner);
      const std::string beside = "--b\r\n" + part + "\r\n--b--\r\n";
      for (const std::string& octets :
           {part, Multipart("--b\r\n\r\nx\r\n" + beside),
            Multipart("--b\r\n\r\n" + inner + "\r\n" + beside,
                      "digest; boundary=b")})
        EXPECT_EQ(Told(kMimeAmbiguous, octets).find("to another"),
                  std::string::npos)
            << octets;
    }
}

// One reader takes the comment for what it is, the other one for a type.
TEST(MimeAmbiguous, ComparesBesideAnAttachedMessage) {
  const std::string attached =
      "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\na\r\n";
  const std::string odd =
      "--b\r\nContent-Type: (c) multipart/mixed; boundary=q\r\n\r\n--q\r\n\r\n"
      "z\r\n--q\r\n\r\ny\r\n--q--\r\n";
  EXPECT_EQ(Told(kMimeAmbiguous, Multipart(attached + "--b--\r\n")), "");
  EXPECT_EQ(Told(kMimeAmbiguous, Multipart(attached + odd + "--b--\r\n")),
            "3 parts to one reader, 2 to another");
}

TEST(MimeTooDeep, CountsLevelsAsTheReceiverDoes) {
  EXPECT_EQ(Told(kMimeDeep, Nested(20)), "");
  EXPECT_EQ(Told(kMimeDeep, Nested(22)), "22 levels");
  EXPECT_EQ(Told(kMimeTooDeep, Nested(40)), "");
  EXPECT_NE(Told(kMimeDeep, Nested(40)), "");
  EXPECT_EQ(Told(kMimeTooDeep, Nested(150)), "150 levels, limit 101");
  EXPECT_NE(Told(kMimeAmbiguous, Nested(150)), "");
  EXPECT_EQ(Told(kMimeTooDeep, Nested(25), "m365"), "");
  EXPECT_EQ(Told(kMimeTooDeep, Nested(40), "m365"), "40 levels, limit 30");
  EXPECT_EQ(Told(kMimeDeep, Nested(40), "m365"), "");
}

TEST(MimeTooManyParts, CountsContainersToo) {
  const auto parts = [](int count) {
    std::string inner;
    for (int i = 0; i < count; ++i) inner += "--b\r\n\r\nx\r\n";
    return Multipart(inner + "--b--\r\n");
  };
  EXPECT_EQ(Told(kMimeTooManyParts, parts(249), "outlook"), "");
  EXPECT_EQ(Told(kMimeTooManyParts, parts(250), "outlook"),
            "251 parts, limit 250");
  EXPECT_EQ(Told(kMimeTooManyParts, parts(999)), "");
  EXPECT_EQ(Told(kMimeTooManyParts, parts(1000)), "1001 parts, limit 1000");
  EXPECT_NE(Told(kMimeTooManyParts, parts(5000)), "");
}

TEST(ContentTypeInvalid, FailsOnWhatIsNoType) {
  EXPECT_NE(Told(kContentTypeInvalid, Part("text", "7bit", "x")), "");
  EXPECT_NE(Told(kMimeVersionMissing, "Content-Type: text/plain\r\n\r\nx"), "");
}

TEST(CharsetInvalid, FailsOnUnknownNamesAndWrongOctets) {
  const auto text = [](const std::string& charset, const std::string& body) {
    return Part("text/plain; charset=" + charset, "8bit", body);
  };
  EXPECT_NE(Told(kCharsetInvalid, text("cp-850", "x")), "");
  EXPECT_NE(Told(kCharsetInvalid, text("us-ascii", "caf\u00e9")), "");
  EXPECT_NE(Told(kCharsetInvalid, text("utf-8", "caf\xe9")), "");
  for (const char* charset : {"utf-8", "iso-8859-1", "windows-1252", "cp437"})
    EXPECT_EQ(Told(kCharsetInvalid, text(charset, "caf\u00e9")), "") << charset;
  EXPECT_EQ(Told(kCharsetInvalid, text("utf-8", "lost \ufffd")), "");
}

TEST(Base64Corrupt, FailsOnForeignOctetsAndCutGroups) {
  const auto file = [](const std::string& body) {
    return Part("application/pdf", "base64", body);
  };
  EXPECT_NE(Told(kBase64Corrupt, file("QU*JD\r\n")), "");
  EXPECT_NE(Told(kBase64Corrupt, file("QUJDR\r\n")), "");
  EXPECT_EQ(Told(kBase64Corrupt, file("QUJD\r\n")), "");
  EXPECT_EQ(Told(kBase64Corrupt, file("QQ==\r\nmore\r\n")), "");
  EXPECT_NE(Told(kMimeAmbiguous, file("QQ==\r\nmore\r\n")), "");
}

TEST(MessageEmpty, FailsWithoutTextAndAttachment) {
  EXPECT_NE(Told(kMessageEmpty, "Subject: x\r\n\r\n \r\n"), "");
  EXPECT_NE(Told(kMessageEmpty, Part("text/html", "7bit", "<p> </p>")), "");
  EXPECT_EQ(Told(kMessageEmpty, Part("text/html", "7bit",
                                     "<img src=\"https://a.example/b\">")),
            "");
  EXPECT_EQ(Told(kMessageEmpty, Part("application/pdf", "base64", "")), "");
}

TEST(Base64PlainText, ConcernsAsciiTextAlone) {
  EXPECT_NE(Told(kBase64PlainText,
                 Part("text/plain; charset=utf-8", "base64", "SGVsbG8=")),
            "");
  EXPECT_EQ(Told(kBase64PlainText,
                 Part("text/plain; charset=utf-8", "base64", "Y2Fmw6k=")),
            "");
}

TEST(AlternativeMismatch, ComparesTheirWords) {
  std::string one, other;
  for (int i = 0; i < 40; ++i) {
    const std::string tail(1, static_cast<char>('a' + i % 26));
    one += "alpha" + tail + std::string(i / 26, 'x') + " ";
    other += "omega" + tail + std::string(i / 26, 'x') + " ";
  }
  const auto with = [](const std::string& plain, const std::string& html) {
    return Multipart("--b\r\n\r\n" + plain +
                         "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>" +
                         html + "</p>\r\n--b--\r\n",
                     "alternative; boundary=b");
  };
  EXPECT_EQ(Told(kAlternativeMismatch, with(one, one)), "");
  EXPECT_NE(Told(kAlternativeMismatch, with(one, other)), "");
  EXPECT_EQ(Told(kAlternativeMismatch, with("See the HTML.", other)), "");
}

TEST(MimeAmbiguous, NamesWhatTwoReadersReadDifferently) {
  const std::string uu = "Hello\r\nbegin 644 a.txt\r\nM" +
                         std::string(60, 'A') + "\r\n`\r\nend\r\n";
  for (const std::string& octets :
       {"Content-Type: text/plain\r\n" + Multipart("--b\r\n\r\nx\r\n--b--\r\n"),
        Multipart("--b\r\n\r\nx\r\n--b--\r\n", "mixed; boundary=b; boundary=c"),
        Multipart("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
                  "--b\r\n\r\nx\r\n--b--\r\n"),
        Part("text/plain", "7bit", uu)})
    EXPECT_NE(Told(kMimeAmbiguous, octets), "") << octets;
}

}  // namespace
}  // namespace postern
