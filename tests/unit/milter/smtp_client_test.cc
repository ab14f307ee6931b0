#include "milter/smtp_client.h"

#include <gtest/gtest.h>

#include "tests/support/smtp_server.h"

namespace postern {
namespace {

using Kind = SmtpOutcome::Kind;
using Lines = std::vector<std::string>;

SmtpMail Mail() {
  return {.helo_name = "gate.example",
          .envelope = {"a@example.com",
                       {"SIZE=1", "BODY=8BITMIME", "RET=HDRS", "ENVID=x+20y"},
                       {{"b@example.org", {"NOTIFY=NEVER"}},
                        {"c@example.org", {}}}},
          .octets = "Subject: x\r\n\r\n.dot\r\n"};
}

SmtpOutcome Send(const ScriptedSmtpServer& server,
                 const SmtpMail& mail = Mail()) {
  return SendMail({"127.0.0.1", server.port()}, mail, std::chrono::seconds(5));
}

TEST(SendMail, SaysTheEnvelopeWithWhatIsOffered) {
  ScriptedSmtpServer server{
      {"EHLO", "250-here\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250 dsn"}};
  const SmtpOutcome outcome = Send(server);
  EXPECT_EQ(outcome.kind, Kind::kTaken) << outcome.error;
  EXPECT_EQ(server.commands(),
            (Lines{"EHLO gate.example",
                   "MAIL FROM:<a@example.com> SIZE=24 BODY=8BITMIME RET=HDRS "
                   "ENVID=x+20y",
                   "RCPT TO:<b@example.org> NOTIFY=NEVER",
                   "RCPT TO:<c@example.org>", "DATA", "QUIT"}));
  EXPECT_EQ(server.data(), "Subject: x\r\n\r\n..dot\r\n.\r\n");
}

TEST(SendMail, SaysNoParameterThatIsNotOffered) {
  ScriptedSmtpServer server{{"EHLO", "502 no"}};
  SmtpMail mail = Mail();
  mail.envelope.mail_from.clear();
  EXPECT_EQ(Send(server, mail).kind, Kind::kTaken);
  EXPECT_EQ(server.commands().at(1), "HELO gate.example");
  EXPECT_EQ(server.commands().at(2), "MAIL FROM:<>");
}

TEST(SendMail, NeedsSmtputf8ForSuchAnAddress) {
  SmtpMail mail = Mail();
  mail.envelope.recipients[0].address = "\xc3\xa4@example.org";
  ScriptedSmtpServer without{};
  EXPECT_EQ(Send(without, mail).kind, Kind::kRefused);
  ScriptedSmtpServer with{{"EHLO", "250-x\r\n250 SMTPUTF8"}};
  EXPECT_EQ(Send(with, mail).kind, Kind::kTaken);
  EXPECT_EQ(with.commands().at(1), "MAIL FROM:<a@example.com> SMTPUTF8");
}

TEST(SendMail, TellsWhichRecipientsWereRefused) {
  ScriptedSmtpServer server{
      {"RCPT TO:<c@example.org>", "450-4.2.1 later\r\n450 4.2.1 please"}};
  const SmtpOutcome outcome = Send(server);
  EXPECT_EQ(outcome.kind, Kind::kTaken);
  ASSERT_EQ(outcome.refused.size(), 1u);
  EXPECT_EQ(outcome.refused[0].recipient.address, "c@example.org");
  EXPECT_EQ(outcome.refused[0].reply, "450 4.2.1 later 4.2.1 please");
}

TEST(SendMail, IsRefusedWhenAllRecipientsAre) {
  ScriptedSmtpServer server{{"RCPT", "550 5.1.1 no"}};
  const SmtpOutcome outcome = Send(server);
  EXPECT_EQ(outcome.kind, Kind::kRefused);
  EXPECT_EQ(outcome.error,
            "127.0.0.1:" + server.port() + ": RCPT TO: 550 5.1.1 no");
}

struct Stage {
  const char* command;
  const char* answer;
  Kind kind;
  const char* stage;
};

TEST(SendMail, NamesTheStageAndTheReply) {
  for (const Stage& stage : {
           Stage{"", "554 no", Kind::kFailed, "greeting: 554 no"},
           Stage{"", "close", Kind::kFailed, "greeting: the connection"},
           Stage{"EHLO", "close", Kind::kFailed, "EHLO: the connection"},
           Stage{"MAIL", "451 x", Kind::kRefused, "MAIL FROM: 451 x"},
           Stage{"RCPT", "421 bye", Kind::kFailed, "RCPT TO: 421 bye"},
           Stage{"DATA", "554 x", Kind::kRefused, "DATA: 554 x"},
           Stage{"DATA", "250 x", Kind::kRefused, "DATA: 250 x"},
           Stage{".", "550 5.7.1 x", Kind::kRefused, "end of data: 550"},
           Stage{".", "354 x", Kind::kRefused, "end of data: 354 x"},
           Stage{".", "close", Kind::kFailed, "end of data: the connection"},
       }) {
    ScriptedSmtpServer server{{stage.command, stage.answer}};
    const SmtpOutcome outcome = Send(server);
    EXPECT_EQ(outcome.kind, stage.kind) << stage.stage;
    EXPECT_NE(outcome.error.find(stage.stage), std::string::npos)
        << outcome.error;
  }
}

TEST(SendMail, WhatIsNoReplyIsAFailure) {
  for (const std::string& answer :
       {std::string("hello"), std::string("25"), std::string("2500 x"),
        std::string("999 x"), std::string("250-x\r\n251 y"),
        std::string("\r\n"), std::string("250 ") + std::string(5000, 'x'),
        std::string("\0", 1)}) {
    ScriptedSmtpServer server{{"MAIL", answer}};
    const SmtpOutcome outcome = Send(server);
    EXPECT_EQ(outcome.kind, Kind::kFailed) << answer.substr(0, 20);
  }
}

TEST(SendMail, SaysNoAddressThatWouldSaySomethingElse) {
  for (const std::string& address :
       {std::string("a\r\nRSET"), std::string("a> SIZE=1"),
        std::string("a\0b", 3)}) {
    ScriptedSmtpServer server{};
    SmtpMail mail = Mail();
    mail.envelope.recipients = {{address, {}}, {"c@x", {"NOTIFY=A\r\nRSET"}}};
    const SmtpOutcome outcome = Send(server, mail);
    ASSERT_EQ(outcome.refused.size(), 1u);
    EXPECT_EQ(server.commands().at(2), "RCPT TO:<c@x>");
    ScriptedSmtpServer other{};
    mail.envelope.mail_from = address;
    EXPECT_EQ(Send(other, mail).kind, Kind::kRefused);
  }
}

TEST(SendMail, NamesTheServerThatIsNotThere) {
  std::string port;
  {
    ScriptedSmtpServer server{};
    port = server.port();
  }
  const SmtpOutcome outcome =
      SendMail({"127.0.0.1", port}, Mail(), std::chrono::seconds(5));
  EXPECT_EQ(outcome.kind, Kind::kFailed);
  EXPECT_EQ(outcome.error,
            "127.0.0.1:" + port + ": connect: Connection refused");
}

TEST(DataOctets, CannotBeEndedByTheMessage) {
  EXPECT_EQ(DataOctets(""), ".\r\n");
  EXPECT_EQ(DataOctets("a"), "a\r\n.\r\n");
  EXPECT_EQ(DataOctets("a\n.\nb"), "a\r\n..\r\nb\r\n.\r\n");
  EXPECT_EQ(DataOctets("a\r.\rb\r\n"), "a\r\n..\r\nb\r\n.\r\n");
  EXPECT_EQ(DataOctets("a\r\n.\r\n..\r\n"), "a\r\n..\r\n...\r\n.\r\n");
  EXPECT_EQ(DataOctets("\r\n\n\r"), "\r\n\r\n\r\n.\r\n");
  EXPECT_EQ(DataOctets(std::string("\0\xff\r\r\n", 5)),
            std::string("\0\xff\r\n\r\n.\r\n", 9));
}

TEST(DataOctets, MakesNoFieldOfABareCr) {
  EXPECT_EQ(DataOctets("A: b\rC: d\r\r\ne: f\r\n\r\nx\ry\r\n"),
            "A: b C: d \r\ne: f\r\n\r\nx\r\ny\r\n.\r\n");
}

TEST(SmtpServer, IsParsed) {
  EXPECT_EQ(ParseSmtpServer("127.0.0.1:10025")->ToString(), "127.0.0.1:10025");
  EXPECT_EQ(ParseSmtpServer("mail.example.com")->port, "25");
  EXPECT_EQ(ParseSmtpServer("[::1]:2525")->ToString(), "[::1]:2525");
  EXPECT_EQ(ParseSmtpServer("[::1]")->host, "::1");
  for (const char* text :
       {"", ":25", "a:", "a:b", "a:123456", "::1", "[]:25", "a:2 5"})
    EXPECT_FALSE(ParseSmtpServer(text)) << text;
}

}  // namespace
}  // namespace postern
