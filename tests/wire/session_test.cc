// Sessions as MTAs lead them, and as they break off.
#include <gmock/gmock.h>

#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class SessionWire : public testing::Test {
 protected:
  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_)};
};

TEST_F(SessionWire, AcceptsACleanMessageUnchanged) {
  MilterClient client = Dial(postern_);
  const MilterOutcome outcome = client.SendMessage(CleanMessage());
  ExpectAccepted(outcome);
  EXPECT_THAT(outcome.edits, IsEmpty());
  EXPECT_TRUE(postern_.LogShows("4WbX2k3cq9: disposition=accept mode=enforce"));
}

TEST_F(SessionWire, JudgesSeveralMessagesEachByItself) {
  MilterClient client = Dial(postern_);
  for (int i = 0; i < 5; ++i)
    ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(postern_.LogShows("disposition=accept", 5));
}

TEST_F(SessionWire, RefusesOneRecipientAndTakesTheOthers) {
  MilterMessage message = To("b@null.example");
  message.recipients.push_back({"<b@example.net>", {}});
  MilterClient client = Dial(postern_);
  const MilterOutcome outcome = client.SendMessage(message);
  ExpectAccepted(outcome);
  ASSERT_EQ(outcome.recipient_replies.size(), 2U);
  EXPECT_THAT(outcome.recipient_replies[0].text, StartsWith("5"));
  EXPECT_TRUE(outcome.recipient_replies[1].goes_on());
  EXPECT_TRUE(postern_.LogShows("rcpts=1"));
}

TEST_F(SessionWire, NeverRefusesARecipientOfALocalSubmission) {
  MilterMessage message = CleanMessage();
  message.mail_from = "a@example.com";
  message.recipients = {{"b@null.example", {}}};
  message.extra_macros['C'] = {{"{client_port}", "0"}};
  message.extra_macros['M'] = {{"{client_port}", "0"}};
  MilterClient client = Dial(postern_);
  const MilterOutcome outcome = client.SendMessage(message);
  ASSERT_EQ(outcome.recipient_replies.size(), 1U);
  EXPECT_TRUE(outcome.recipient_replies[0].goes_on());
  EXPECT_EQ(outcome.stage, "eom");
}

TEST_F(SessionWire, ForgetsAnAbortedMessage) {
  MilterClient client = Dial(postern_);
  SayAllButTheEnd(client, CleanMessage());
  EXPECT_TRUE(client.Abort());
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(postern_.LogShows("rcpts=1"));
}

TEST_F(SessionWire, SurvivesACloseBeforeTheEnd) {
  for (int i = 0; i < 3; ++i) {
    MilterClient client = Dial(postern_);
    SayAllButTheEnd(client, CleanMessage());
  }
  MilterClient client = Dial(postern_);
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(client.Quit());
  postern_.Send(SIGTERM);  // nobody is left under way
  EXPECT_EQ(postern_.WaitForExit(std::chrono::seconds(30)), 0);
}

TEST_F(SessionWire, ServesAnotherConnectionAfterQuitNc) {
  MilterClient client = Dial(postern_);
  ExpectAccepted(client.SendMessage(CleanMessage()));
  EXPECT_TRUE(client.QuitNc());
  EXPECT_TRUE(client.Connect({.client_name = "other.example"}).goes_on());
  EXPECT_TRUE(client.Helo("other.example").goes_on());
  ExpectAccepted(client.SendMessage(CleanMessage()));
}

TEST_F(SessionWire, HearsHeloTwice) {
  MilterClient client = Dial(postern_);
  EXPECT_TRUE(client.Helo("again.example").goes_on());
  ExpectAccepted(client.SendMessage(CleanMessage()));
}

TEST_F(SessionWire, AsksForItsMacros) {
  MilterClient client = Dial(postern_);
  const auto& names = client.terms().macro_names;
  EXPECT_THAT(names.at('C'), Contains("{daemon_name}"));
  EXPECT_THAT(names.at('M'), Contains("{auth_authen}"));
  EXPECT_THAT(names.at('M'), Contains("{auth_type}"));
  // Postfix's cleanup gives its own there.
  EXPECT_THAT(names.at('E'), Not(Contains("{daemon_name}")));
}

TEST_F(SessionWire, RefusesAnMtaThatCannotDoWhatIsNeeded) {
  Result<MilterClient> client =
      MilterClient::Dial(postern_.socket(), std::chrono::seconds(60));
  ASSERT_TRUE(client);
  (void)client->Negotiate({.protocol = 0, .macro_names = {}});
  EXPECT_TRUE(postern_.LogShows("the MTA lacks what is needed"));
}

TEST_F(SessionWire, TakesOffAForgedReleaseField) {
  MilterMessage message = CleanMessage();
  message.headers.push_back({"X-Postern-Release", " forged"});
  message.headers.push_back({"x-postern-release", " again"});
  MilterClient client = Dial(postern_);
  const MilterOutcome outcome = client.SendMessage(message);
  ExpectAccepted(outcome);
  const MilterMessage left = ApplyEdits(message, outcome);
  EXPECT_EQ(left.headers.size(), CleanMessage().headers.size());
  EXPECT_TRUE(postern_.LogShows("forged or stale"));
}

TEST(InetWire, ServesByTcp) {
  FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns), RunningPostern::Socket::kInet);
  MilterClient client = Dial(postern);
  ExpectAccepted(client.SendMessage(CleanMessage()));
}

}  // namespace
}  // namespace postern
