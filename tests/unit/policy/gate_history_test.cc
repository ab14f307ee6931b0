// What the gate makes of volume over days: new ways out, and jumps.
#include <algorithm>

#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"
#include "policy/limits/history/history.h"
#include "policy/limits/history/warm_up.h"

namespace postern {
namespace {

using std::chrono::hours;

constexpr std::string_view kZone = R"(
example.com. MX 10 mx.example.com.
example.com. TXT "v=spf1 ip4:192.0.2.0/24 -all"
example.org. MX 10 mx.example.com.
mx.example.com. A 192.0.2.25
google.example. MX 10 aspmx.l.google.com.
gmail.com. MX 5 gmail-smtp-in.l.google.com.
gmail-smtp-in.l.google.com. A 192.0.2.27
aspmx.l.google.com. A 192.0.2.26
)";

class GateHistoryTest : public testing::Test {
 protected:
  void Configure(const std::string& text) {
    Result<Config> config = ParseConfig(text, "test.toml", {});
    ASSERT_TRUE(config) << config.error().message;
    rulebook_ = std::move(MakeRulebook(std::move(*config)).value());
  }
  // A relay's, committed when it leaves.
  Disposition Send(const std::string& recipient) {
    TransactionLimits limits;
    Message message;
    message.envelope.mail_from = "a@example.com";
    const RecipientAnswer answer = gate_.JudgeRecipient(
        {}, message.envelope, {recipient, {}}, *rulebook_, &limits);
    EXPECT_FALSE(answer.reply);
    message.envelope.recipients.push_back({recipient, {}});
    message.header.Receive("From", " a@example.com");
    const Judgement judgement =
        gate_.JudgeMessage(std::move(message), *rulebook_, {}, &limits,
                           In(std::chrono::seconds(5)));
    findings_ = judgement.decision.findings;
    if (judgement.decision.disposition == Disposition::kAccept)
      for (const auto& reservation : limits.reservations) reservation->Commit();
    return judgement.decision.disposition;
  }
  bool Found(std::string_view check) {
    return std::ranges::any_of(findings_, [check](const Finding& finding) {
      return finding.check == check;
    });
  }

  ManualClock clock_{TimePoint(std::chrono::seconds(1'800'000'000))};
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(kZone, "zone");
  std::unique_ptr<Limiter> limiter_ = *Limiter::Open("", clock_);
  std::unique_ptr<History> history_ = *History::Open("", {}, clock_);
  std::unique_ptr<WarmUp> warm_up_ = *WarmUp::Open("", clock_);
  Gate gate_{{.dns = dns_.get(),
              .clock = &clock_,
              .limiter = limiter_.get(),
              .history = history_.get(),
              .warm_up = warm_up_.get()}};
  std::shared_ptr<const Rulebook> rulebook_;
  std::vector<Finding> findings_;
};

TEST_F(GateHistoryTest, ANewWayOutClimbsBeforeEachReceiver) {
  Configure(R"(
mode = "enforce"
[egress.main]
addresses = ["192.0.2.10"]
[warm_up.new]
egress = ["main"]
schedule = ["1d 4"]
)");
  // Half of the day's four at once.
  EXPECT_EQ(Send("b@google.example"), Disposition::kAccept);
  EXPECT_EQ(Send("c@google.example"), Disposition::kAccept);
  EXPECT_EQ(Send("d@google.example"), Disposition::kDefer);
  EXPECT_TRUE(Found("limit-warm-up-new"));
  EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
  clock_.Advance(hours(25));
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(Send("b@google.example"), Disposition::kAccept) << i;
}

TEST_F(GateHistoryTest, ANewWayOutOfSeveralIsWarmedUp) {
  Configure(R"(
mode = "enforce"
[egress.old]
addresses = ["192.0.2.10"]
[egress.new]
addresses = ["192.0.2.11"]
[egress.elsewhere]
addresses = ["192.0.2.12"]
receivers = ["outlook"]
[warm_up.new]
egress = ["new", "elsewhere"]
schedule = ["1d 4"]
)");
  EXPECT_EQ(Send("b@google.example"), Disposition::kAccept);
  EXPECT_EQ(Send("c@google.example"), Disposition::kAccept);
  EXPECT_EQ(Send("d@google.example"), Disposition::kDefer);
  EXPECT_EQ(warm_up_->Climbs().size(), 1u);
}

TEST_F(GateHistoryTest, SmallReceiversGetTheirShareEach) {
  Configure(R"(
mode = "enforce"
[egress.main]
addresses = ["192.0.2.10"]
[warm_up.new]
egress = ["main"]
schedule = ["1d 2"]
)");
  EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
  EXPECT_EQ(Send("c@example.com"), Disposition::kDefer);
  EXPECT_EQ(Send("b@example.org"), Disposition::kAccept);
  // They climb together, for they are too many to remember each.
  EXPECT_EQ(warm_up_->Climbs().size(), 1u);
}

TEST_F(GateHistoryTest, AKnownDomainIsNotWarmedUp) {
  Configure(R"(
mode = "enforce"
[warm_up.new]
domains = ["example.org"]
schedule = ["1d 2"]
)");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(Send("b@google.example"), Disposition::kAccept) << i;
  EXPECT_TRUE(warm_up_->Climbs().empty());
}

TEST_F(GateHistoryTest, ADomainThatSendsFarMoreThanItUsedToIsHeld) {
  Configure("mode = \"enforce\"\n[ramp]\naction = \"hold\"\n");
  const auto send = [this](int recipients) {
    MailThatLeft mail;
    for (int i = 0; i < recipients; ++i)
      mail.recipients.push_back("r" + std::to_string(i) + "@example.com");
    history_->Remember("author_domain=example.com", mail);
  };
  for (int day = 0; day < 10; ++day) {
    EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
    send(100);
    clock_.Advance(hours(24));
  }
  send(1'100);
  EXPECT_EQ(Send("b@example.com"), Disposition::kHold);
  EXPECT_TRUE(Found("volume-ramp"));
  clock_.Advance(hours(24));
  EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
}

TEST_F(GateHistoryTest, AWayOutThatCarriesFarMoreIsToldByItself) {
  Configure(R"(
mode = "enforce"
[egress.main]
addresses = ["192.0.2.10"]
)");
  const auto send = [this](int recipients) {
    history_->Remember("egress=main", {.recipients = std::vector<std::string>(
                                           static_cast<std::size_t>(recipients),
                                           "r@example.com"),
                                       .from = {},
                                       .network = {},
                                       .is_only_counted = true});
  };
  for (int day = 0; day < 10; ++day) {
    send(100);
    clock_.Advance(hours(24));
  }
  EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
  EXPECT_FALSE(Found("volume-ramp"));
  send(1'100);
  EXPECT_EQ(Send("b@example.com"), Disposition::kAccept);
  EXPECT_TRUE(Found("volume-ramp"));
  EXPECT_FALSE(
      history_->Known("egress=main", Novelty::kRecipient, "b@example.com"));
}

class BulkSenderTest : public GateHistoryTest {
 protected:
  BulkSenderTest() {
    Configure(R"(
mode = "observe"
[egress.main]
addresses = ["192.0.2.10"]
)");
  }
  // Today, as others of the domain.
  void Sent(int recipients) {
    history_->Remember(
        "bulk_sender=example.com receiver=google",
        {.recipients = std::vector<std::string>(
             static_cast<std::size_t>(recipients), "r@gmail.com"),
         .from = {},
         .network = {},
         .is_only_counted = true});
  }
  // What a mailing is told, and this is none.
  bool IsBulkTo(const std::string& recipient) {
    Send(recipient);
    return Found("dkim-unsigned-bulk") && Found("bulk-authentication");
  }
};

TEST_F(BulkSenderTest, IsOneForGoodFromFourFifthsOfTheNumberOn) {
  Sent(3'998);
  EXPECT_FALSE(IsBulkTo("b@gmail.com"));  // the 3,999th
  EXPECT_FALSE(IsBulkTo("b@gmail.com"));
  EXPECT_TRUE(IsBulkTo("b@gmail.com"));
  EXPECT_TRUE(IsBulkTo("b@google.example"));
  EXPECT_FALSE(IsBulkTo("b@example.com"));
  for (int month = 0; month < 12; ++month) {
    clock_.Advance(hours(24 * 30));
    EXPECT_TRUE(IsBulkTo("b@gmail.com")) << month;
  }
}

TEST_F(BulkSenderTest, EachDayBeginsAnewBelowIt) {
  for (int day = 0; day < 5; ++day) {
    Sent(3'000);
    EXPECT_FALSE(IsBulkTo("b@gmail.com"));
    clock_.Advance(hours(24));
  }
}

TEST_F(BulkSenderTest, OnlyPersonalMailboxesCount) {
  Sent(3'998);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(IsBulkTo("b@google.example"));
}

}  // namespace
}  // namespace postern
