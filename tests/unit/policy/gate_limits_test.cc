// The limits through both corridors: who is asked, who pays, and when.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"
#include "policy/limits/history/history.h"

namespace postern {
namespace {

constexpr std::string_view kZone = R"(
example.com. MX 10 mx.example.com.
example.org. MX 10 mx.example.com.
example.net. MX 10 mx.example.com.
mx.example.com. A 192.0.2.25
null.example. MX 0 .
google.example. MX 10 aspmx.l.google.com.
aspmx.l.google.com. A 192.0.2.26
)";
constexpr std::string_view kBounce =
    "multipart/report; report-type=delivery-status";

// Two an hour, counted by what `key` says.
class GateLimitsTest : public testing::Test {
 protected:
  void Limit(std::string_view key, std::string_view cost,
             std::string_view over) {
    Configure(fmt::format(R"(
mode = "enforce"
[[limits]]
name = "two"
key = ["{}"]
cost = "{}"
rates = ["2/1h"]
over = "{}"
)",
                          key, cost, over));
  }
  void Configure(const std::string& text) {
    Result<Config> config = ParseConfig(text, "test.toml", {});
    ASSERT_TRUE(config) << config.error().message;
    rulebook_ = std::move(MakeRulebook(std::move(*config)).value());
  }
  // One message, committed when it leaves.
  Disposition Send(const std::vector<std::string>& recipients,
                   const std::optional<ReleasePass>& pass = {},
                   std::string_view type = "text/plain") {
    TransactionLimits limits;
    Message message;
    message.submission = submission_;
    message.envelope.mail_from = mail_from_;
    for (const std::string& address : recipients) {
      const RecipientAnswer answer = gate_.JudgeRecipient(
          submission_, message.envelope, {address, {}}, *rulebook_, &limits);
      if (answer.reply) {
        reply_ = answer.reply->ToString();
        return answer.reply->code() < 500 ? Disposition::kDefer
                                          : Disposition::kReject;
      }
      message.envelope.recipients.push_back({address, {}});
    }
    message.header.Receive("From", " a@example.com");
    message.header.Receive("Content-Type", " " + std::string(type));
    const Judgement judgement =
        gate_.JudgeMessage(std::move(message), *rulebook_, pass, &limits,
                           In(std::chrono::seconds(5)));
    held_recipients_ = judgement.decision.held_recipients;
    findings_ = judgement.decision.findings;
    held_free_at_ = judgement.held_free_at;
    if (judgement.decision.disposition == Disposition::kAccept)
      for (const auto& reservation : limits.reservations) reservation->Commit();
    return judgement.decision.disposition;
  }
  Disposition SendOne() { return Send({"b@example.com"}); }

  SystemClock clock_;
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(kZone, "zone");
  std::unique_ptr<Limiter> limiter_ = *Limiter::Open("", clock_);
  std::unique_ptr<History> history_ = *History::Open("", {}, clock_);
  Gate gate_{{.dns = dns_.get(),
              .clock = &clock_,
              .limiter = limiter_.get(),
              .history = history_.get()}};
  std::shared_ptr<const Rulebook> rulebook_;
  Submission submission_{.login = "alice"};
  std::string mail_from_ = "a@example.com";
  std::vector<std::string> held_recipients_;
  std::vector<Finding> findings_;
  std::optional<TimePoint> held_free_at_;
  std::string reply_;  // of the recipient that was refused
};

TEST_F(GateLimitsTest, AnswersALocalSubmissionAtEndOfMessage) {
  Limit("mail_from", "messages", "defer");
  submission_ = {.is_local = true};
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kDefer);
}

TEST_F(GateLimitsTest, NullSenderIsNoWayRoundALimit) {
  Limit("mail_from", "messages", "defer");
  submission_ = {};
  mail_from_ = "";
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kDefer);
}

TEST_F(GateLimitsTest, TheReplySaysWhatWasExceededAndWhenItFrees) {
  Limit("client", "messages", "defer");
  submission_ = {.client_address = IpAddress::Parse("192.0.2.7")};
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kDefer);
  EXPECT_TRUE(reply_.starts_with(
      "451 4.7.1 Not sent: limit two: client=192.0.2.7 has used up 2 messages "
      "in 1h, free at 20"))
      << reply_;
}

TEST_F(GateLimitsTest, TheReplySaysWhatMayGoAtOnceAndWhatComesBack) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "burst"
key = ["client"]
rates = ["60/min burst 2"]
)");
  submission_ = {.client_address = IpAddress::Parse("192.0.2.7")};
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kDefer);
  EXPECT_THAT(reply_,
              testing::StartsWith(
                  "451 4.7.1 Not sent: limit burst: client=192.0.2.7 has used "
                  "up the 2 messages that may go at once, 60 in 1min come "
                  "back, free at 20"));
}

TEST_F(GateLimitsTest, MoreThanAMessageMayCostIsRejectedAndWhatIsLessGoes) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "cap"
key = ["login"]
cost = "recipients"
per_message = 2
)");
  EXPECT_EQ(Send({"b@example.com", "c@example.com", "d@example.com"}),
            Disposition::kReject);
  EXPECT_TRUE(reply_.starts_with(
      "550 5.5.3 Not sent: limit cap: a message of login=alice may have at "
      "most 2 recipients; write to fewer at a time"))
      << reply_;
  EXPECT_EQ(Send({"b@example.com", "c@example.com"}), Disposition::kAccept);
}

TEST_F(GateLimitsTest, TellsOnceWhatItOnlyObserves) {
  Configure(R"(
mode = "observe"
[[limits]]
name = "one"
key = ["login"]
cost = "recipients"
rates = ["1/h"]
[[limits]]
name = "cap"
key = ["login"]
cost = "recipients"
per_message = 2
)");
  EXPECT_EQ(Send({"b@example.com", "c@example.com", "d@example.com"}),
            Disposition::kAccept);
  const auto told = [&](std::string_view check) {
    std::vector<Finding> found;
    for (const Finding& finding : findings_)
      if (finding.check == check) found.push_back(finding);
    return found;
  };
  const std::vector<Finding> rate = told("limit-one");
  ASSERT_EQ(rate.size(), 1U);
  EXPECT_EQ(rate[0].action, Action::kObserve);
  EXPECT_THAT(rate[0].recipients,
              testing::ElementsAre("c@example.com", "d@example.com"));
  const std::vector<Finding> cap = told("limit-cap");
  ASSERT_EQ(cap.size(), 1U);
  EXPECT_THAT(cap[0].recipients, testing::ElementsAre("d@example.com"));
}

TEST_F(GateLimitsTest, ALimitThatObservesIsToldWhereOthersEnforce) {
  Limit("login", "recipients", "observe");
  EXPECT_EQ(Send({"b@example.com", "c@example.com", "d@example.com"}),
            Disposition::kAccept);
  EXPECT_THAT(findings_,
              testing::Contains(testing::Field(&Finding::check, "limit-two")));
}

TEST_F(GateLimitsTest, CountsOctetsAndLinkDomainsOfTheMessage) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "size"
key = ["login"]
cost = "bytes"
per_message = 20
)");
  EXPECT_EQ(SendOne(), Disposition::kReject);
}

TEST_F(GateLimitsTest, WhoeverWasWrittenToBeforeIsFree) {
  Limit("login", "new_recipients", "defer");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(Send({"b@example.com", "c@example.com"}), Disposition::kAccept);
  EXPECT_EQ(Send({"d@example.com"}), Disposition::kDefer);
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  // New to another login, and counted there.
  submission_.login = "bob";
  EXPECT_EQ(Send({"d@example.com", "b@example.com"}), Disposition::kAccept);
}

TEST_F(GateLimitsTest, CountsNewDomainsOnce) {
  Limit("login", "new_recipient_domains", "defer");
  EXPECT_EQ(Send({"b@example.com", "c@example.com", "d@example.org"}),
            Disposition::kAccept);
  EXPECT_EQ(Send({"e@example.com"}), Disposition::kAccept);
  EXPECT_EQ(Send({"f@example.net"}), Disposition::kDefer);
}

TEST_F(GateLimitsTest, ARefusedFloodHoldsThatLoginAndNoOther) {
  Configure("mode = \"enforce\"\n");
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(Send({"b@null.example"}), Disposition::kReject);
  std::vector<std::string> many;
  for (int i = 0; i < 199; ++i)
    many.push_back("b" + std::to_string(i) + "@example.com");
  const auto is_alarm = [](const Finding& finding) {
    return finding.check == "hijack-alarm";
  };
  EXPECT_EQ(Send(many), Disposition::kAccept);
  EXPECT_TRUE(std::ranges::none_of(findings_, is_alarm));
  EXPECT_EQ(SendOne(), Disposition::kHold);
  EXPECT_TRUE(std::ranges::any_of(findings_, is_alarm));
  submission_.login = "bob";
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_TRUE(std::ranges::none_of(findings_, is_alarm));
}

TEST_F(GateLimitsTest, WhatALimitReleasesIsStillJudgedForAHijack) {
  Configure("mode = \"enforce\"\n");
  ASSERT_TRUE(history_->RaiseAlarm(
      "login=alice", clock_.Now() + std::chrono::hours(1), "a test"));
  const ReleasePass by_limit{"id", {}, submission_};
  EXPECT_EQ(Send({"b@example.com"}, by_limit), Disposition::kHold);
  const ReleasePass by_operator{"id", {"hijack-alarm"}, submission_};
  EXPECT_EQ(Send({"b@example.com"}, by_operator), Disposition::kAccept);
}

TEST_F(GateLimitsTest, WhatDidNotLeaveIsNotRemembered) {
  Limit("login", "messages", "hold");
  for (const char* address : {"b@example.com", "c@example.com"})
    EXPECT_EQ(Send({address}), Disposition::kAccept);
  EXPECT_EQ(Send({"d@example.com"}), Disposition::kHold);
  EXPECT_TRUE(
      history_->Known("login=alice", Novelty::kRecipient, "c@example.com"));
  EXPECT_FALSE(
      history_->Known("login=alice", Novelty::kRecipient, "d@example.com"));
}

TEST_F(GateLimitsTest, ReceiversAreLimitedEachByItself) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "pace"
key = ["recipient_domain"]
cost = "recipients"
rates = ["1/h"]
over = "defer"
)");
  EXPECT_EQ(Send({"b@example.com", "c@example.org"}), Disposition::kAccept);
  EXPECT_EQ(Send({"b@example.net"}), Disposition::kAccept);
  EXPECT_EQ(Send({"d@example.org"}), Disposition::kDefer);
}

TEST_F(GateLimitsTest, WhatAReceiverPublishesPacesItsMailboxes) {
  Configure("mode = \"enforce\"\n");
  submission_ = {};
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(Send({"bob@google.example"}), Disposition::kAccept) << i;
  EXPECT_EQ(Send({"carol@google.example"}), Disposition::kAccept);
  EXPECT_EQ(Send({"bob@google.example"}), Disposition::kDefer);
  EXPECT_THAT(reply_, testing::HasSubstr("recipient=bob@google.example has "
                                         "used up 60 messages in 1min"));
}

TEST_F(GateLimitsTest, NeverStopTheMtasOwnBounce) {
  for (const char* over : {"auto", "hold", "defer"}) {
    Limit("mail_from", "messages", over);
    submission_ = {.is_local = true};
    mail_from_ = "";
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(Send({"b@example.com"}, {}, kBounce), Disposition::kAccept)
          << over;
  }
}

TEST_F(GateLimitsTest, HeldMailPaysWhenItIsReleased) {
  Limit("login", "messages", "hold");
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  const ReleasePass pass{"id", {"limit-two"}, submission_};
  EXPECT_EQ(Send({"b@example.com"}, pass), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kHold);
  EXPECT_EQ(Send({"b@example.com"}, pass), Disposition::kAccept);
}

TEST_F(GateLimitsTest, HeldCopiesDoNotPayWithTheRest) {
  Limit("login", "recipients", "hold");
  submission_.is_local = true;  // the null MX is found at end of message
  EXPECT_EQ(Send({"b@example.com", "c@null.example"}), Disposition::kAccept);
  EXPECT_EQ(held_recipients_, std::vector<std::string>{"c@null.example"});
  EXPECT_EQ(SendOne(), Disposition::kAccept);
  EXPECT_EQ(SendOne(), Disposition::kHold);
}

TEST_F(GateLimitsTest, APacedMailboxKeepsNobodyElsesCopy) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "login"
key = ["login"]
cost = "recipients"
rates = ["100/h"]
)");
  for (int i = 0; i < 60; ++i)
    ASSERT_EQ(Send({"bob@google.example"}), Disposition::kAccept) << i;
  EXPECT_EQ(Send({"bob@google.example", "carol@example.org"}),
            Disposition::kAccept);
  EXPECT_EQ(held_recipients_, std::vector<std::string>{"bob@google.example"});
  EXPECT_EQ(limiter_->Show({.rule = "login"}).value().front().rates[0].used,
            61);
}

TEST_F(GateLimitsTest, ReceiversOfOneMessageWaitEachByItself) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "pace"
key = ["author_domain", "recipient_domain"]
cost = "recipients"
rates = ["1/h"]
over = "defer"
)");
  submission_ = {};
  EXPECT_EQ(Send({"b@example.com", "c@example.org"}), Disposition::kAccept);
  EXPECT_EQ(Send({"b@example.com", "d@example.net", "c@example.org"}),
            Disposition::kAccept);
  EXPECT_THAT(held_recipients_,
              testing::ElementsAre("b@example.com", "c@example.org"));
  EXPECT_TRUE(held_free_at_);
  EXPECT_EQ(Send({"d@example.net"}), Disposition::kDefer);
}

TEST_F(GateLimitsTest, WhoeverIsExemptDoesNotWait) {
  Configure(R"(
mode = "enforce"
[[limits]]
name = "two"
key = ["login"]
cost = "recipients"
rates = ["2/h"]
exempt_recipients = ["boss@*"]
)");
  EXPECT_EQ(Send({"b@example.com", "c@example.com"}), Disposition::kAccept);
  EXPECT_EQ(Send({"d@example.com", "boss@example.com"}), Disposition::kAccept);
  EXPECT_EQ(held_recipients_, std::vector<std::string>{"d@example.com"});
}

// Held copies that can never pass would wait for ever.
TEST_F(GateLimitsTest, TooManyForOneKeyRefusesTheMessage) {
  Limit("recipient_domain", "recipients", "hold");
  submission_.is_local = true;
  EXPECT_EQ(Send({"b@example.com", "c@example.com", "d@example.com",
                  "e@example.org"}),
            Disposition::kReject);
}

}  // namespace
}  // namespace postern
