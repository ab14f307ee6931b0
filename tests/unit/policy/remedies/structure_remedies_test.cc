// The remedies of header text and of MIME structure.

#include <gtest/gtest.h>

#include "policy/facts/body_shape.h"
#include "policy/message/date.h"
#include "policy/message/encoded_word.h"
#include "policy/remedies/remedy.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

Message After(bool (*remedy)(const Facts&, Message*), FactsBuilder builder,
              bool expect_change = true) {
  const Facts facts = builder.Build();
  Message message = *facts.message;
  EXPECT_EQ(remedy(facts, &message), expect_change);
  return message;
}

std::string Value(const Message& message, std::string_view name) {
  const HeaderField* field = message.header.Find(name);
  return field == nullptr ? "none" : field->Unfolded();
}

FactsBuilder Covered(FactsBuilder builder, std::vector<std::string> fields) {
  builder.Dkim(DkimResult::kPass, "other.example");
  builder.facts().dkim.back().signed_headers = std::move(fields);
  return builder;
}

// As gathered, with its MIME structure read.
Facts Read(const std::string& octets) {
  ParsedOctets parsed = ParseOctets(octets);
  Facts facts = FactsBuilder().Build();
  Message message;
  message.header = std::move(parsed.header);
  message.body = std::move(parsed.body);
  facts.message = std::make_shared<const Message>(std::move(message));
  facts.body = ShapeOf(facts.message->body.bytes());
  facts.mime = ReadMime(facts.message->header, facts.message->body);
  GatherMime(&facts);
  return facts;
}

Message AfterReading(bool (*remedy)(const Facts&, Message*),
                     const std::string& octets, bool expect_change = true) {
  const Facts facts = Read(octets);
  Message message = *facts.message;
  EXPECT_EQ(remedy(facts, &message), expect_change) << octets;
  return message;
}

TEST(RewriteAbsurdDate, LeavesWhatMayBeTrue) {
  After(RewriteAbsurdDate,
        FactsBuilder().Field("Date", "Fri, 20 Nov 2020 12:00:00 +0000"), false);
  const Message message =
      After(RewriteAbsurdDate,
            FactsBuilder().Field("Date", "Thu, 01 Jan 1970 00:00:00 +0000"));
  EXPECT_EQ(ParseDate(Value(message, "Date")),
            FactsBuilder().facts().received_at);
}

TEST(EncodeHeader, WritesTextAndNames) {
  const Message message = After(
      EncodeHeader, FactsBuilder()
                        .Field("Subject", "Ihr Caf\u00e9 \u00f6ffnet")
                        .Field("To", "J\u00f6rg <j@x.example>, b@y.example")
                        .Field("X-Note", "plain"));
  EXPECT_EQ(ReadEncodedText(Value(message, "Subject")).text,
            "Ihr Caf\u00e9 \u00f6ffnet");
  EXPECT_EQ(Value(message, "To"),
            "=?utf-8?Q?J=C3=B6rg?= <j@x.example>, b@y.example");
  EXPECT_EQ(Value(message, "X-Note"), "plain");
}

TEST(EncodeHeader, WritesDomainsAsALabels) {
  EXPECT_EQ(Value(After(EncodeHeader,
                        FactsBuilder().Field("To", "a@b\u00fccher.example")),
                  "To"),
            "a@xn--bcher-kva.example");
  After(EncodeHeader, FactsBuilder().Field("To", "j\u00f6rg@x.example"), false);
}

TEST(EncodeHeader, WritesBadEncodedWordsAnew) {
  const Message message = After(
      EncodeHeader,
      FactsBuilder().Field("Subject", "=?x-none?Q?caf=C3=A9?= =?utf-8?Q?a?="));
  const EncodedText read = ReadEncodedText(Value(message, "Subject"));
  EXPECT_EQ(read.text, "caf\u00e9a");
  EXPECT_EQ(read.fault + read.irregularity, "");
  After(EncodeHeader, FactsBuilder().Field("Subject", "=?utf-8?Q?caf=E9?="),
        false);
}

TEST(EncodeHeader, LeavesWhatIsCoveredOrStructured) {
  After(EncodeHeader,
        Covered(FactsBuilder().Field("Subject", "caf\u00e9"), {"subject"}),
        false);
  After(EncodeHeader, FactsBuilder().Field("Message-ID", "<caf\u00e9@x>"),
        false);
}

TEST(DecodeFrom, PutsTheAddressOutside) {
  EXPECT_EQ(Value(After(DecodeFrom,
                        FactsBuilder().From(
                            "=?utf-8?Q?J=C3=B6rg_=3Ca=40example.org=3E?=")),
                  "From"),
            "=?utf-8?Q?J=C3=B6rg?= <a@example.org>");
}

TEST(DropShownAddress, LeavesTheRestOfTheName) {
  const auto after = [](const char* from) {
    return Value(After(DropShownAddress, FactsBuilder().From(from)), "From");
  };
  EXPECT_EQ(after("\"Bob (bob@bank.com)\" <a@example.org>"),
            "Bob <a@example.org>");
  EXPECT_EQ(after("\"bob@bank.com\" <a@example.org>"), "a@example.org");
  EXPECT_EQ(after("\"Bob bob@bank.com Shop\" <a@example.org>"),
            "Bob Shop <a@example.org>");
  After(DropShownAddress, FactsBuilder().From("Bob <a@example.org>"), false);
}

TEST(AddRecipientField, WritesASingleRecipientOnly) {
  FactsBuilder one;
  one.Recipient("b@x.example", MailDomain::kHasMx);
  EXPECT_EQ(Value(After(AddRecipientField, one), "To"), "b@x.example");
  one.Recipient("c@x.example", MailDomain::kHasMx);
  After(AddRecipientField, one, false);
}

TEST(RemoveBcc, LeavesNoTrace) {
  FactsBuilder builder;
  builder.Field("Bcc", "c@x.example").Field("To", "b@x.example");
  builder.Recipient("b@x.example", MailDomain::kHasMx);
  EXPECT_EQ(Value(After(RemoveBcc, builder), "Bcc"), "none");
  After(RemoveBcc, Covered(builder, {"bcc"}), false);
}

TEST(AddSender, BelievesTheEnvelope) {
  FactsBuilder builder;
  builder.From("a@example.org, b@example.org").MailFrom("b@example.org");
  EXPECT_EQ(Value(After(AddSender, builder), "Sender"), "b@example.org");
  After(AddSender, builder.MailFrom("c@example.org"), false);
}

TEST(RemoveBlankFolds, JoinsWhatTheyParted) {
  EXPECT_EQ(After(RemoveBlankFolds, FactsBuilder().Field("X", "a\n \t\n b\n "))
                .header.Find("X")
                ->value,
            " a\n b");
}

TEST(RemoveNul, TakesItOutOfTheHeader) {
  EXPECT_EQ(
      Value(After(RemoveNul, FactsBuilder().Field("X", std::string("a\0b", 3))),
            "X"),
      "ab");
}

TEST(RemoveNul, EscapesItInTheBody) {
  const Message message = AfterReading(
      RemoveNul, std::string("Subject: x\r\n\r\na", 15) + '\0' + "b\r\n");
  EXPECT_EQ(message.body.bytes(), "a=00b\r\n");
}

TEST(DropDoubledMimeFields, KeepsWhatDiffers) {
  const auto twice = [](const char* a, const char* b) {
    return FactsBuilder().Field("Content-Type", a).Field("Content-Type", b);
  };
  EXPECT_EQ(After(DropDoubledMimeFields, twice("text/plain", "text/plain"))
                .header.Count("Content-Type"),
            1u);
  After(DropDoubledMimeFields, twice("text/plain", "text/html"), false);
}

TEST(DeclareCharset, SaysWhatTheOctetsAre) {
  EXPECT_EQ(Value(AfterReading(DeclareCharset,
                               "Content-Type: text/plain; charset=x-none; "
                               "format=flowed\r\n\r\ncaf\u00e9\r\n"),
                  "Content-Type"),
            "text/plain; format=flowed; charset=utf-8");
  AfterReading(DeclareCharset,
               "Content-Type: text/plain; charset=utf-8\r\n\r\ncaf\xe9\r\n",
               false);
}

TEST(RepairTransferEncoding, SaysWhatAMultipartIs) {
  const std::string parts = "--b\r\n\r\nx\r\n--b--\r\n";
  const std::string head =
      "Content-Type: multipart/mixed; boundary=b\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n";
  EXPECT_EQ(Value(AfterReading(RepairTransferEncoding, head + parts),
                  "Content-Transfer-Encoding"),
            "7bit");
  AfterReading(RepairTransferEncoding, head + "LS1i\r\n", false);
}

TEST(CloseBoundary, ClosesTheOutermost) {
  const std::string head = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
  EXPECT_EQ(AfterReading(CloseBoundary, head + "--b\r\n\r\nx").body.bytes(),
            "--b\r\n\r\nx\r\n--b--\r\n");
  AfterReading(CloseBoundary, head + "x\r\n", false);
  AfterReading(CloseBoundary, head + "--b\r\n\r\nx\r\n--b--\r\n", false);
}

TEST(ReencodeBase64, WritesItAnew) {
  const auto head = [](const std::string& type) {
    return "MIME-Version: 1.0\r\nContent-Type: " + type +
           "\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  };
  const Message text =
      AfterReading(ReencodeBase64, head("text/plain") + "SGVsbG8=\r\n");
  EXPECT_EQ(text.body.bytes(), "Hello\r\n");
  EXPECT_EQ(Value(text, "Content-Transfer-Encoding"), "7bit");
  const Message file =
      AfterReading(ReencodeBase64, head("application/pdf") + "QU*JD\r\n");
  EXPECT_EQ(file.body.bytes(), "QUJD\r\n");
}

TEST(ReencodeBase64, LeavesWhatHasTwoReadings) {
  const std::string octets =
      "Content-Type: application/pdf\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\nQQ==\r\nfooter\r\n";
  AfterReading(ReencodeBase64, octets, false);
}

}  // namespace
}  // namespace postern
