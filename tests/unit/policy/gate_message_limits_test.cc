// What one message costs as a whole, though its recipients are charged one by
// one: too much for any day is refused, the rest is held until a time.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"
#include "policy/limits/history/history.h"

namespace postern {
namespace {

using testing::HasSubstr;

constexpr std::string_view kZone = R"(
example.com. MX 10 mx.example.com.
mx.example.com. A 192.0.2.25
)";
constexpr std::string_view kTen = R"(
mode = "enforce"
[[limits]]
name = "ten"
key = ["login"]
cost = "recipients"
rates = ["10/h"]
)";

std::string ShippedInEnforce() {
  std::ostringstream text;
  text << std::ifstream(POSTERN_SOURCE_DIR "/conf/postern.toml").rdbuf();
  std::string shipped = text.str();
  const std::string observe = "mode = \"observe\"";
  shipped.replace(shipped.find("\n" + observe) + 1, observe.size(),
                  "mode = \"enforce\"");
  return shipped;
}

struct Sent {
  Disposition disposition = Disposition::kAccept;
  std::string reply;           // that refused the message, or a recipient
  std::size_t recipients = 0;  // taken at RCPT
  std::optional<TimePoint> free_at;
};

class GateMessageLimits : public testing::Test {
 protected:
  void Configure(const std::string& text) {
    Result<Config> config = ParseConfig(text, "test.toml", {});
    ASSERT_TRUE(config) << config.error().message;
    rulebook_ = std::move(MakeRulebook(std::move(*config)).value());
  }
  // Gives up at the first recipient that is refused, as people's clients do.
  Sent Send(int recipients, const std::string& name = "r",
            const std::optional<ReleasePass>& pass = {}) {
    Sent sent;
    TransactionLimits limits;
    Message message;
    message.submission = submission_;
    message.envelope.mail_from = "a@example.com";
    // What is handed back comes from this host, and nobody logs in.
    const Submission session =
        pass ? Submission{.client_address = IpAddress::Parse("127.0.0.1")}
             : submission_;
    for (int i = 0; i < recipients; ++i) {
      const std::string address = fmt::format("{}{}@example.com", name, i);
      const RecipientAnswer answer = gate_.JudgeRecipient(
          session, message.envelope, {address, {}}, *rulebook_, &limits);
      if (answer.reply) {
        sent.reply = answer.reply->ToString();
        sent.disposition = answer.reply->is_transient() ? Disposition::kDefer
                                                        : Disposition::kReject;
        return sent;
      }
      message.envelope.recipients.push_back({address, {}});
      ++sent.recipients;
    }
    message.header.Receive("From", " a@example.com");
    const Judgement judgement =
        gate_.JudgeMessage(std::move(message), *rulebook_, pass, &limits,
                           In(std::chrono::seconds(5)));
    sent.disposition = judgement.decision.disposition;
    if (judgement.decision.reply)
      sent.reply = judgement.decision.reply->ToString();
    sent.free_at = judgement.held_free_at;
    if (sent.disposition == Disposition::kAccept)
      for (const auto& reservation : limits.reservations) reservation->Commit();
    return sent;
  }
  Sent Release(int recipients, const std::string& name = "r") {
    return Send(recipients, name, ReleasePass{"id", {}, submission_});
  }

  ManualClock clock_{
      TimePoint(std::chrono::sys_days{std::chrono::year(2026) / 11 / 22})};
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(kZone, "zone");
  std::unique_ptr<Limiter> limiter_ = *Limiter::Open("", clock_);
  std::unique_ptr<History> history_ = *History::Open("", {}, clock_);
  Gate gate_{{.dns = dns_.get(),
              .clock = &clock_,
              .limiter = limiter_.get(),
              .history = history_.get()}};
  std::shared_ptr<const Rulebook> rulebook_;
  Submission submission_{.login = "alice"};
};

TEST_F(GateMessageLimits, RefusesAtOnceWhatNoWaitingHelps) {
  Configure(std::string(kTen));
  const Sent sent = Send(11);
  EXPECT_EQ(sent.disposition, Disposition::kReject);
  EXPECT_THAT(sent.reply,
              HasSubstr("550 5.5.3 Not sent: limit ten: a message of "
                        "login=alice may have at most 10 recipients"));
  EXPECT_THAT(sent.reply, Not(HasSubstr("free at")));
  EXPECT_EQ(Send(10).disposition, Disposition::kAccept);
}

TEST_F(GateMessageLimits, RefusesALocalSubmissionAtTheEnd) {
  Configure(std::string(kTen) + "over = \"hold\"\n");
  submission_.is_local = true;
  const Sent sent = Send(11);
  EXPECT_EQ(sent.recipients, 11u);
  EXPECT_EQ(sent.disposition, Disposition::kReject);
  EXPECT_THAT(sent.reply, HasSubstr("may have at most 10 recipients"));
}

TEST_F(GateMessageLimits, LetsARelaySendTheRestInAnotherMessage) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "ten"
key = ["client"]
cost = "recipients"
rates = ["10/h"]
)");
  submission_ = {.client_address = IpAddress::Parse("192.0.2.7")};
  EXPECT_THAT(Send(11).reply, HasSubstr("452 4.5.3"));
  EXPECT_EQ(Send(10).disposition, Disposition::kAccept);
  EXPECT_THAT(Send(1).reply, HasSubstr("451 4.7.1"));
}

TEST_F(GateMessageLimits, CountsThoseThatWaitWithTheRest) {
  Configure(std::string(kTen));
  EXPECT_EQ(Send(6).disposition, Disposition::kAccept);
  const Sent held = Send(8);
  EXPECT_EQ(held.disposition, Disposition::kHold);
  ASSERT_TRUE(held.free_at);
  EXPECT_THAT(Send(11).reply, HasSubstr("550 5.5.3"));
  clock_.Set(*held.free_at + std::chrono::hours(1));
  EXPECT_EQ(Release(8).disposition, Disposition::kAccept);
}

TEST_F(GateMessageLimits, AGrantPaysForMoreThanTheBurst) {
  Configure(std::string(kTen));
  ASSERT_TRUE(
      limiter_->Grant({.rule = "ten",
                       .key = "login=alice",
                       .units = 5,
                       .expires_at = clock_.Now() + std::chrono::hours(1)}));
  EXPECT_EQ(Send(15).disposition, Disposition::kAccept);
  EXPECT_THAT(Send(16).reply, HasSubstr("at most 10 recipients"));
}

// It was let in by a grant or a former rate, and waited for something else.
TEST_F(GateMessageLimits, WhatWasTakenGoesWhenTheWholeBurstIsFree) {
  Configure(std::string(kTen));
  EXPECT_EQ(Send(1).disposition, Disposition::kAccept);
  const Sent held = Release(12);
  EXPECT_EQ(held.disposition, Disposition::kHold);
  ASSERT_TRUE(held.free_at);
  clock_.Set(*held.free_at);
  EXPECT_EQ(Release(12).disposition, Disposition::kAccept);
  EXPECT_EQ(Send(1).disposition, Disposition::kHold);
}

TEST_F(GateMessageLimits, ObservingTellsTheSame) {
  Configure(std::string(kTen) + "over = \"observe\"\n");
  EXPECT_EQ(Send(30).disposition, Disposition::kAccept);
  EXPECT_EQ(limiter_->Show({.rule = "ten"}).value().front().rates[0].used, 10);
}

TEST_F(GateMessageLimits, ShippedLimitsRefuseTheLetterToTooManyStrangers) {
  Configure(ShippedInEnforce());
  const Sent sent = Send(301);
  EXPECT_EQ(sent.disposition, Disposition::kReject);
  EXPECT_THAT(sent.reply,
              HasSubstr("limit login-new-recipients: a message of login=alice "
                        "may have at most 300 new recipients; write to fewer"));
}

TEST_F(GateMessageLimits, ShippedLimitsHoldUntilATimeThatComesTrue) {
  Configure(ShippedInEnforce());
  EXPECT_EQ(Send(300).disposition, Disposition::kAccept);
  EXPECT_EQ(Send(300).disposition, Disposition::kAccept);
  EXPECT_EQ(Send(300).disposition, Disposition::kAccept);
  const Sent held = Send(300);
  EXPECT_EQ(held.disposition, Disposition::kHold);
  ASSERT_TRUE(held.free_at);
  clock_.Set(*held.free_at);
  Sent released = Release(300);
  for (int i = 0; i < 3 && released.free_at; ++i) {
    clock_.Set(*released.free_at);
    released = Release(300);
  }
  EXPECT_EQ(released.disposition, Disposition::kAccept);
}

}  // namespace
}  // namespace postern
