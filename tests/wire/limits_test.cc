// The limits of the running program.
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/wire/limits_wire.h"

namespace postern {
namespace {

using testing::HasSubstr;

TEST(ObservedLimitsWire, AreInTheLogLine) {
  std::ostringstream shipped;
  shipped << std::ifstream(POSTERN_SOURCE_DIR "/conf/observe.toml").rdbuf();
  const std::string text = shipped.str();
  const FakeDnsServer dns(kZone);
  const RunningPostern postern(
      {.options =
           "mode = \"observe\"\ndns.servers = [\"" + dns.address() + "\"]\n",
       .tables = text.substr(text.find("[[limits]]"))});
  MilterMessage message = CleanMessage();
  message.login = "alice";
  MilterClient client = Dial(postern);
  for (int i = 0; i < 31; ++i) ExpectAccepted(client.SendMessage(message));
  EXPECT_TRUE(postern.LogShows("limit-login-messages:observe"));
  message.recipients.clear();
  for (int i = 0; i < 501; ++i)
    message.recipients.push_back(
        {"<r" + std::to_string(i) + "@example.net>", {}});
  ExpectAccepted(client.SendMessage(message));
  EXPECT_TRUE(postern.LogShows("limit-message-recipients:observe"));
}

constexpr std::string_view kManyRules = R"(
[[limits]]
name = "recipients"
key = ["login"]
cost = "recipients"
rates = ["20000/300d"]

[[limits]]
name = "per-recipient"
key = ["recipient"]
rates = ["3/300d"]

[[limits]]
name = "new-recipients"
key = ["login"]
cost = "new_recipients"
rates = ["9000/300d"]
over = "observe"
)";

TEST(TenThousandRecipients, AreCountedOneByOne) {
  const FakeDnsServer dns(kZone);
  const RunningPostern postern(Enforcing(dns, "", std::string(kManyRules)));
  MilterMessage message = CleanMessage();
  message.login = "alice";
  message.recipients.clear();
  for (int i = 0; i < 10'000; ++i)
    message.recipients.push_back(
        {"<r" + std::to_string(i) + "@example.net>", {}});
  const MilterOutcome outcome = Dial(postern).SendMessage(message);
  EXPECT_EQ(outcome.verdict, MilterVerdict::kContinue) << outcome.text;
  EXPECT_THAT(RunLimits(postern, "show --rule recipients").text,
              HasSubstr("10000/20000"));
  EXPECT_THAT(RunLimits(postern, "show --rule new-recipients").text,
              HasSubstr("9000/9000"));
  EXPECT_THAT(RunLimits(postern, "show --rule per-recipient --key r9999@").text,
              HasSubstr("1/3"));
  EXPECT_THAT(RunLimits(postern, "status").text, HasSubstr("10002"));
}

// Octets that a login or an address should not have are counted like others.
// A NUL ends a macro and an argument in the milter protocol: none comes so far.
TEST_F(LimitsWire, HostileKeysAreCountedEachByItself) {
  const std::string long_login(60'000, 'x');
  for (const std::string& login :
       {std::string("\xff\xfe\x80 alice"), std::string("a%20b"),
        std::string("a b"), std::string("x login=alice"),
        std::string("\r\nlogin=alice"), long_login, long_login + "y"}) {
    for (int i = 0; i < 2; ++i)
      EXPECT_EQ(Send(login), MilterVerdict::kContinue) << login.substr(0, 20);
    EXPECT_NE(Send(login), MilterVerdict::kContinue) << login.substr(0, 20);
  }
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  EXPECT_EQ(Limits("show").status, 0);
  EXPECT_THAT(Limits("status").text, testing::ContainsRegex("keys +8\n"));
}

}  // namespace
}  // namespace postern
