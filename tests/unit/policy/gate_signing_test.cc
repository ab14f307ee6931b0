// What the gate does with mail that would leave unsigned.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"

namespace postern {
namespace {

using testing::HasSubstr;

constexpr std::string_view kZone = R"(receiver.example MX 10 mx.receiver.example
example.org MX 10 mx.receiver.example
example.org TXT "v=spf1 -all")";

struct Sent {
  std::string from = "a@example.org";
  std::string content_type = "text/plain";
  std::string subject = "Hello";
};

Decision Send(const std::string& toml, const Sent& sent = {}) {
  Result<Config> config = ParseConfig(toml, "/test.toml", {});
  EXPECT_TRUE(config) << config.error().message;
  const auto rulebook = *MakeRulebook(*std::move(config));
  const auto dns = *ScriptedDns::Parse(kZone, "zone");
  const ManualClock clock{TimePoint(std::chrono::hours(24 * 365 * 50))};
  const Gate gate{{dns.get(), &clock, nullptr}};
  Message message;
  message.envelope.recipients = {{"b@receiver.example", {}}};
  message.header.Receive("Date", " Sat, 21 Nov 2026 11:00:00 +0000");
  message.header.Receive("Message-ID", " <1@example.org>");
  message.header.Receive("From", " " + sent.from);
  message.header.Receive("Subject", " " + sent.subject);
  message.header.Receive("Content-Type", " " + sent.content_type);
  TransactionLimits limits;
  return gate
      .JudgeMessage(std::move(message), *rulebook, std::nullopt, &limits,
                    In(std::chrono::seconds(5)))
      .decision;
}

TEST(UnsignedMail, PassesByDefault) {
  const Decision decision = Send("mode = \"enforce\"");
  EXPECT_EQ(decision.disposition, Disposition::kAccept);
  EXPECT_EQ(decision.unsigned_reason, "no key for example.org");
}

TEST(UnsignedMail, IsHeldDeferredOrRejectedAsTheOperatorWants) {
  const auto send = [](const std::string& answer) {
    return Send("mode = \"enforce\"\n[signing]\nunsigned = \"" + answer + "\"");
  };
  EXPECT_EQ(send("hold").disposition, Disposition::kHold);
  const Decision deferred = send("defer");
  EXPECT_EQ(deferred.disposition, Disposition::kDefer);
  EXPECT_EQ(deferred.reply->code(), 451);
  const Decision rejected = send("reject");
  EXPECT_EQ(rejected.disposition, Disposition::kReject);
  EXPECT_THAT(rejected.reply->text(), HasSubstr("no key for example.org"));
  EXPECT_EQ(rejected.reply->enhanced().ToString(), "5.7.20");
}

TEST(UnsignedMail, IsOnlyObservedInOtherModes) {
  EXPECT_EQ(
      Send("mode = \"mend\"\n[signing]\nunsigned = \"reject\"").disposition,
      Disposition::kAccept);
}

TEST(UnsignedMail, OfTheMtaAlwaysPasses) {
  const Decision decision =
      Send("mode = \"enforce\"\n[signing]\nunsigned = \"reject\"",
           {.content_type = "multipart/report; report-type=delivery-status"});
  EXPECT_EQ(decision.disposition, Disposition::kAccept);
}

TEST(UnsignedMail, HasAnAnswerOfItsOwnForADomain) {
  const std::string toml = R"(mode = "enforce"
[signing]
unsigned = "reject"
[signing.domains."example.org"]
unsigned = "hold"
keys = [{selector = "s", file = "/nowhere/k.pem"}])";
  const Decision decision = Send(toml);
  EXPECT_EQ(decision.disposition, Disposition::kHold);
  EXPECT_THAT(decision.unsigned_reason,
              HasSubstr("s._domainkey.example.org: /nowhere/k.pem: No such"));
}

}  // namespace
}  // namespace postern
