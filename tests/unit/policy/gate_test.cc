#include "policy/gate.h"

#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

constexpr std::string_view kOnePerHour = R"(
mode = "enforce"
[[limits]]
name = "null-senders"
key = ["mail_from"]
rates = ["1/h"]
)";

std::shared_ptr<const Rulebook> Book(std::string_view toml) {
  Result<Config> config = ParseConfig(toml, "test.toml", {});
  EXPECT_TRUE(config) << config.error().message;
  return *MakeRulebook(std::move(*config));
}

// Messages from "<>" through both corridors, one after the other.
class NullSender : public testing::Test {
 protected:
  Disposition Send(const std::string& content_type, bool is_local) {
    Message message;
    message.submission.is_local = is_local;
    const ForwardPath recipient{"b@receiver.example", {}};
    TransactionLimits limits;
    const RecipientAnswer answer = gate_.JudgeRecipient(
        message.submission, message.envelope, recipient, *rulebook_, &limits);
    EXPECT_FALSE(answer.reply);
    message.envelope.recipients = {recipient};
    message.header.Receive("Date", " Sat, 21 Nov 2026 11:00:00 +0000");
    message.header.Receive("Message-ID", " <1@receiver.example>");
    message.header.Receive("From", " daemon@receiver.example");
    message.header.Receive("Content-Type", " " + content_type);
    const Judgement judgement =
        gate_.JudgeMessage(std::move(message), *rulebook_, std::nullopt,
                           &limits, In(std::chrono::seconds(5)));
    for (const auto& reservation : limits.reservations) reservation->Commit();
    return judgement.decision.disposition;
  }

  static constexpr const char* kReport =
      "multipart/report; report-type=delivery-status; boundary=b";

  std::unique_ptr<ScriptedDns> dns_ =
      *ScriptedDns::Parse("receiver.example MX 10 mx.receiver.example", "zone");
  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 50))};
  std::unique_ptr<Limiter> limiter_ = *Limiter::Open("", clock_);
  std::shared_ptr<const Rulebook> rulebook_ = Book(kOnePerHour);
  Gate gate_{{dns_.get(), &clock_, limiter_.get()}};
};

TEST_F(NullSender, IsNoWayRoundALimit) {
  EXPECT_EQ(Send("text/plain", false), Disposition::kAccept);
  EXPECT_EQ(Send("text/plain", false), Disposition::kDefer);
}

TEST_F(NullSender, OfALocalSubmissionIsHeldOverALimit) {
  EXPECT_EQ(Send("text/plain", true), Disposition::kAccept);
  EXPECT_EQ(Send("text/plain", true), Disposition::kHold);
}

TEST_F(NullSender, BouncesOfTheMtaGoOverAnyLimit) {
  for (const bool is_local : {false, true})
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(Send(kReport, is_local), Disposition::kAccept);
}

Facts JudgedWith(std::string_view toml, std::string body) {
  const auto dns =
      *ScriptedDns::Parse("receiver.example MX 10 mx.receiver.example", "zone");
  const ManualClock clock{TimePoint(std::chrono::hours(24 * 365 * 50))};
  const Gate gate{{dns.get(), &clock, nullptr}};
  Message message;
  message.envelope.recipients = {{"b@receiver.example", {}}};
  message.header.Receive("From", " a@receiver.example");
  message.body = Body::FromString(std::move(body));
  TransactionLimits limits;
  return gate
      .JudgeMessage(std::move(message), *Book(toml), std::nullopt, &limits,
                    In(std::chrono::seconds(5)))
      .facts;
}

TEST(JudgeMessage, AsksClamdOnlyWhereItsWordCounts) {
  const std::string clamd =
      "[clamd]\nsocket = \"unix:/nonexistent/clamd.ctl\"\n";
  using Result = MalwareFact::Result;
  EXPECT_EQ(JudgedWith(clamd, "Hi\r\n").attachments.malware.result,
            Result::kUnknown);
  EXPECT_EQ(JudgedWith(clamd + "[checks.malware]\naction = \"off\"\n", "Hi\r\n")
                .attachments.malware.result,
            Result::kNotAsked);
}

TEST(JudgeMessage, DoesNotKnowWhatAFilterThinksOfWhatItIsNotSent) {
  const std::string filter =
      "[second_opinion]\nspamd = \"unix:/nonexistent/spamd.sock\"\n";
  const Facts facts = JudgedWith(filter, std::string((2 << 20) + 1, 'x'));
  ASSERT_EQ(facts.second_opinions.size(), 1U);
  EXPECT_FALSE(facts.second_opinions[0].is_known);
  EXPECT_EQ(facts.second_opinions[0].fault, "larger than 2 MiB");
}

}  // namespace
}  // namespace postern
