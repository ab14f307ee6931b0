#include <gtest/gtest.h>

#include "policy/facts/body_shape.h"
#include "policy/facts/identity.h"
#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

struct Sent {
  MtaKind mta = MtaKind::kPostfix;
  std::string fields, body;
};

std::string ReasonFor(const Sent& sent, bool mta_keeps_body = false) {
  ParsedOctets parsed = ParseOctets(sent.fields + "\r\n" + sent.body);
  auto message = std::make_shared<Message>();
  message->header = std::move(parsed.header);
  message->body = std::move(parsed.body);
  message->submission.mta_kind = sent.mta;
  message->submission.mta_name = "mx.example.org";
  Config config;
  config.signing.mta_keeps_body = mta_keeps_body;
  Facts facts;
  facts.config = &config;
  facts.body = ShapeOf(message->body.bytes());
  facts.mime = ReadMime(message->header, message->body);
  facts.message = message;
  const auto keys = KeyRing::Load({});
  ScriptedDns dns;
  GatherTransit({config, **keys, dns, TimePoint(), Deadline()}, &facts);
  return facts.transit.Reason();
}

TEST(Transit, OnlySendmailWritesAddressesAnew) {
  const std::string fields = "To: a@x.example,b@y.example\r\n";
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, fields, ""}), "");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, fields, ""}),
            "Sendmail writes To anew");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail,
                       "To: a@x.example,\r\n\tb@y.example\r\n"
                       "Cc: \r\nX-To: a,b\r\n",
                       ""}),
            "");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, "From: alice\r\nCc: a@x;\r\n", ""}),
            "Sendmail writes From and Cc anew");
}

TEST(Transit, EachCutsAtItsOwnLineLength) {
  const std::string at995 = "Subject: " + std::string(986, 's') + "\r\n";
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, at995, ""}), "");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, at995, ""}),
            "a line of 995 octets in Subject");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix,
                       "Subject: " + std::string(990, 's') + "\r\n", ""}),
            "a line of 999 octets in Subject");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, "", std::string(995, 'x') + "\r\n"}),
            "a body line of 995 octets");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, "", std::string(998, 'x') + "\r\n"}),
            "");
}

TEST(Transit, AFieldThatIsNotSignedMayBeCut) {
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix,
                       "X-Token: " + std::string(1500, 't') + "\r\n", ""}),
            "");
}

TEST(Transit, PostfixBelievesTheDeclarationAndSendmailTheOctets) {
  const std::string declared = "Content-Transfer-Encoding: 8bit\r\n";
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, declared, "ascii\r\n"}),
            "a body declared as 8bit or binary");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, declared, "ascii\r\n"}), "");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, "", "\xc3\xbc\r\n"}), "");
  EXPECT_EQ(ReasonFor({MtaKind::kSendmail, "", "\xc3\xbc\r\n"}),
            "8-bit octets in the body");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix,
                       "Content-Type: multipart/mixed; boundary=b\r\n",
                       "--b\r\nContent-Type: message/rfc822\r\n"
                       "Content-Transfer-Encoding: 8bit\r\n\r\n"
                       "Subject: inner\r\n\r\ntext\r\n--b--\r\n"}),
            "a body declared as 8bit or binary");
}

TEST(Transit, BodiesThatAreKeptBreakOnlyAtLoneLineEnds) {
  const Sent eight = {MtaKind::kSendmail, "", "\xc3\xbc\r\n"};
  EXPECT_EQ(ReasonFor(eight, true), "");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, "", std::string(3000, 'x')}, true),
            "");
  EXPECT_EQ(ReasonFor({MtaKind::kPostfix, "", "a\nb\r\n"}, true),
            "a lone CR or LF in the body");
}

}  // namespace
}  // namespace postern
