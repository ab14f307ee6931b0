#include "milter/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "tests/support/fake_mta.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view kZone = R"(
example.com. MX 10 mx.example.com.
mx.example.com. A 192.0.2.25
null.example. MX 0 .
)";
// What is not signed is held: the hold tells what the session understood.
constexpr std::string_view kHolding = R"(
mode = "enforce"
checks.dkim-unsigned.action = "hold"
)";

std::shared_ptr<const Rulebook> Book(std::string_view toml) {
  Result<Config> config = ParseConfig(toml, "test.toml", {});
  EXPECT_TRUE(config) << config.error().message;
  auto rulebook = MakeRulebook(std::move(*config));
  EXPECT_TRUE(rulebook) << rulebook.error().message;
  return *rulebook;
}

// The door of a daemon without a daemon.
class SessionTest : public testing::Test {
 protected:
  explicit SessionTest(std::string_view toml = kHolding)
      : rulebook_(Book(toml)) {}

  Answer Mail(std::string path = "<a@example.com>") {
    return session_.OnMail({std::move(path), "SIZE=10"}, mta_);
  }
  Answer Rcpt(std::string path = "<b@example.com>") {
    return session_.OnRcpt({std::move(path)}, mta_);
  }
  Answer Rest() {
    session_.OnHeader("From", " a@example.com");
    session_.OnBody("x\r\n");
    return session_.OnEndOfMessage(mta_);
  }
  Answer Whole() {
    EXPECT_EQ(Mail(), Answer::kContinue);
    EXPECT_EQ(Rcpt(), Answer::kContinue);
    return Rest();
  }
  HeldMessage OnlyHeld() {
    const auto held = holds_->List();
    EXPECT_EQ(held->size(), 1U);
    return held->front();
  }

  ScratchDirectory scratch_;
  SystemClock clock_;
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(kZone, "zone");
  std::unique_ptr<HeldStore> holds_ = *HeldStore::Open(scratch_.name(), clock_);
  Gate gate_{{.dns = dns_.get(), .clock = &clock_}};
  Snapshot<Rulebook> rulebook_;
  Traffic traffic_;
  Heartbeat heartbeat_;
  Door door_{.gate = &gate_,
             .rulebook = &rulebook_,
             .holds = holds_.get(),
             .traffic = &traffic_,
             .heartbeat = &heartbeat_,
             .spool_directory = scratch_.name()};
  FakeMta mta_;
  Session session_{door_};
};

TEST_F(SessionTest, HoldsBeforeItAnswers) {
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_TRUE(OnlyHeld().is_pending);
}

TEST_F(SessionTest, ConfirmsAHoldAtTheNextCommand) {
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(Mail(), Answer::kContinue);
  EXPECT_FALSE(OnlyHeld().is_pending);
}

TEST_F(SessionTest, ConfirmsAHoldAtTheClose) {
  EXPECT_EQ(Whole(), Answer::kDiscard);
  session_.OnClose();
  EXPECT_FALSE(OnlyHeld().is_pending);
}

TEST_F(SessionTest, LeavesAHoldPendingWhenTheMtaIsGone) {
  mta_.is_gone = true;
  EXPECT_EQ(Whole(), Answer::kTempFail);
  session_.OnClose();
  EXPECT_TRUE(OnlyHeld().is_pending);
}

TEST_F(SessionTest, JoinsThePendingHoldOfARetry) {
  mta_.is_gone = true;
  EXPECT_EQ(Whole(), Answer::kTempFail);
  mta_.is_gone = false;
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(holds_->List()->size(), 1U);
}

TEST_F(SessionTest, DefersWhatCannotBeHeld) {
  door_.holds = nullptr;
  EXPECT_EQ(Whole(), Answer::kTempFail);
  EXPECT_THAT(mta_.reply->ToString(), StartsWith("451 4.3.0"));
}

TEST_F(SessionTest, BelievesAuthenAndNeverAuthor) {
  mta_.macros = {{"{auth_author}", "ceo@example.com"},
                 {"{auth_authen}", "alice"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);  // no {auth_type}: no login
  EXPECT_EQ(OnlyHeld().submission.login, "");
}

TEST_F(SessionTest, KnowsTheLoginBesideItsType) {
  mta_.macros = {{"{auth_type}", "PLAIN"}, {"{auth_authen}", "alice"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().submission.login, "alice");
}

TEST_F(SessionTest, ReadsTheLoginAsTheMtaWritesIt) {
  const std::string written = "carol+2Bshop+3D+xy+2";
  mta_.macros = {{"v", "8.17.1.9"}};
  session_.OnConnect("client.example", std::nullopt, mta_);
  mta_.macros = {{"{auth_type}", "PLAIN"}, {"{auth_authen}", written}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().submission.login, "carol+shop=+xy+2");
}

TEST_F(SessionTest, LeavesALoginOfPostfixAsItIs) {
  mta_.macros = {{"v", "Postfix 3.7.11"}};
  session_.OnConnect("client.example", std::nullopt, mta_);
  mta_.macros = {{"{auth_type}", "PLAIN"}, {"{auth_authen}", "carol+2B"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().submission.login, "carol+2B");
}

struct MspCase {
  std::string version, address, greeting;
  bool is_msp;
};
class SessionMspTest : public SessionTest,
                       public testing::WithParamInterface<MspCase> {};

// sendmail(1) of a Sendmail comes by SMTP.
TEST_P(SessionMspTest, KnowsSendmailsOwn) {
  const MspCase& given = GetParam();
  mta_.macros = {{"v", given.version}, {"j", "mx.example.com"}};
  session_.OnConnect("localhost", IpAddress::Parse(given.address), mta_);
  session_.OnHelo(given.greeting);
  mta_.macros = {{"{client_port}", "33126"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().submission.is_msp, given.is_msp);
  EXPECT_FALSE(OnlyHeld().submission.is_local);
}

INSTANTIATE_TEST_SUITE_P(
    , SessionMspTest,
    testing::Values(MspCase{"8.17.1.9", "127.0.0.1", "MX.example.com", true},
                    MspCase{"8.17.1.9", "::1", "mx.example.com", true},
                    MspCase{"8.17.1.9", "192.0.2.1", "mx.example.com", false},
                    MspCase{"8.17.1.9", "127.0.0.1", "app.example.com", false},
                    MspCase{"Postfix 3.7.11", "127.0.0.1", "mx.example.com",
                            false}));

TEST_F(SessionTest, RemembersTheDaemonNameFromConnect) {
  mta_.macros = {{"{daemon_name}", "ORIGINATING"}, {"j", "mx.example.com"}};
  session_.OnConnect("client.example", IpAddress::Parse("192.0.2.1"), mta_);
  session_.OnHelo("first.example");
  session_.OnHelo("second.example");
  mta_.macros = {{"{daemon_name}", "mx.example.com"}, {"i", "Q1"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  const Submission submission = OnlyHeld().submission;
  EXPECT_EQ(submission.daemon_name, "ORIGINATING");
  EXPECT_EQ(submission.helo_name, "second.example");
  EXPECT_EQ(submission.client_name, "client.example");
  EXPECT_EQ(submission.queue_id, "Q1");
}

class SessionMendTest : public SessionTest {
 protected:
  SessionMendTest() : SessionTest("mode = \"mend\"") {}

  // What becomes of a list that Sendmail would write anew.
  bool IsListMended(const std::string& version) {
    mta_.macros = {{"v", version}};
    session_.OnConnect("client.example", std::nullopt, mta_);
    EXPECT_EQ(Mail(), Answer::kContinue);
    EXPECT_EQ(Rcpt(), Answer::kContinue);
    session_.OnHeader("To", " a@example.com,b@example.com");
    mta_.edits.clear();
    EXPECT_EQ(Rest(), Answer::kContinue);
    return std::find(mta_.edits.begin(), mta_.edits.end(),
                     "set To 1: a@example.com, b@example.com") !=
           mta_.edits.end();
  }
};

TEST_F(SessionMendTest, KnowsSendmailByItsVersion) {
  EXPECT_TRUE(IsListMended("8.17.1.9"));
  EXPECT_TRUE(IsListMended("8.17.1/8.17.1/Debian-2"));
  EXPECT_FALSE(IsListMended("Postfix 3.7.11"));
  EXPECT_FALSE(IsListMended(""));
}

struct LocalCase {
  std::string path;
  std::map<std::string, std::string> macros;
  bool is_local;
};
class SessionLocalTest : public SessionTest,
                         public testing::WithParamInterface<LocalCase> {};

TEST_P(SessionLocalTest, RefusesNoRecipientOfALocalSubmission) {
  mta_.macros = GetParam().macros;
  EXPECT_EQ(Mail(GetParam().path), Answer::kContinue);
  EXPECT_EQ(Rcpt("<b@null.example>"),
            GetParam().is_local ? Answer::kContinue : Answer::kReject);
}

INSTANTIATE_TEST_SUITE_P(
    Ways, SessionLocalTest,
    testing::Values(
        LocalCase{"<a@example.com>", {{"{client_port}", "4711"}}, false},
        LocalCase{"a@example.com", {{"{client_port}", "4711"}}, false},
        LocalCase{"<a@example.com>", {{"{client_port}", "0"}}, true},
        LocalCase{"a@example.com", {}, true},
        LocalCase{"<a@example.com>", {}, false},
        // Sendmail gives the queue id at MAIL to everybody.
        LocalCase{"<a@example.com>", {{"i", "Q1"}}, false}));

TEST_F(SessionTest, RefusesOneRecipientWithItsOwnReply) {
  EXPECT_EQ(Mail(), Answer::kContinue);
  EXPECT_EQ(Rcpt("<b@null.example>"), Answer::kReject);
  EXPECT_THAT(mta_.reply->ToString(), StartsWith("5"));
  EXPECT_EQ(Rcpt(), Answer::kContinue);
  EXPECT_EQ(Rest(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().envelope.recipients.size(), 1U);
}

TEST_F(SessionTest, StartsAfreshAfterAnAbort) {
  EXPECT_EQ(Mail(), Answer::kContinue);
  EXPECT_EQ(Rcpt(), Answer::kContinue);
  session_.OnAbort();
  EXPECT_EQ(traffic_.under_way(), 0);
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(OnlyHeld().envelope.recipients.size(), 1U);
}

TEST_F(SessionTest, AnswersDrainingWith421) {
  traffic_.Close();
  EXPECT_EQ(Mail(), Answer::kTempFail);
  EXPECT_THAT(mta_.reply->ToString(), StartsWith("421 4.3.2"));
}

TEST_F(SessionTest, DefersAMessageThatAnErrorSpoilt) {
  EXPECT_EQ(Mail(), Answer::kContinue);
  EXPECT_EQ(Rcpt(), Answer::kContinue);
  session_.OnInternalError("header");
  EXPECT_EQ(Rest(), Answer::kTempFail);
  EXPECT_THAT(mta_.reply->ToString(), StartsWith("451 4.3.0"));
  EXPECT_THAT(*holds_->List(), IsEmpty());
}

TEST_F(SessionTest, DefersWhatComesOutOfOrder) {
  EXPECT_EQ(Rcpt(), Answer::kTempFail);
  EXPECT_EQ(session_.OnEndOfMessage(mta_), Answer::kTempFail);
}

TEST_F(SessionTest, KeepsTheRulebookOfItsMail) {
  EXPECT_EQ(Mail(), Answer::kContinue);
  rulebook_.Set(Book("mode = \"observe\""));
  EXPECT_EQ(Rcpt(), Answer::kContinue);
  EXPECT_EQ(Rest(), Answer::kDiscard);
}

TEST_F(SessionTest, JudgesAReleasedMessageAsWhatItWas) {
  mta_.macros = {{"{auth_type}", "PLAIN"}, {"{auth_authen}", "alice"}};
  EXPECT_EQ(Whole(), Answer::kDiscard);
  EXPECT_EQ(Mail(), Answer::kContinue);
  const Result<std::string> token =
      holds_->IssueToken(OnlyHeld().id, ReleaseBy::kOperator);
  ASSERT_TRUE(token);
  mta_.macros.clear();
  EXPECT_EQ(Rcpt(), Answer::kContinue);
  session_.OnHeader(std::string(kReleaseField), " " + *token);
  EXPECT_EQ(Rest(), Answer::kContinue);
  EXPECT_THAT(mta_.edits, testing::Contains("delete X-Postern-Release 1"));
}

// An MTA that stops taking edits gets no half-edited message.
TEST_F(SessionTest, DefersWhenAnEditIsNotTaken) {
  rulebook_.Set(Book("mode = \"mend\""));
  mta_.edits_until_lost = 0;
  EXPECT_EQ(Whole(), Answer::kTempFail);  // Date is missing, and added
  EXPECT_THAT(mta_.reply->ToString(), StartsWith("451 4.3.0"));
}

}  // namespace
}  // namespace postern
