// The limits of the running program.
#include <csignal>
#include <filesystem>
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

constexpr std::string_view kLocalAndOpen = R"(
[[limits]]
name = "counts-on"
key = ["login"]
rates = ["1/d"]
over = "defer"

[[limits]]
name = "lets-pass"
key = ["mail_from"]
rates = ["1/d"]
over = "defer"
store_down = "open"
)";
constexpr std::string_view kClosed = R"(
[[limits]]
name = "refuses"
key = ["login"]
rates = ["100/d"]
over = "defer"
store_down = "closed"
)";

TEST(DamagedStoreWire, LeavesEachRuleToItsChoice) {
  const FakeDnsServer dns(kZone);
  RunningPostern postern(Enforcing(dns, "", std::string(kLocalAndOpen)));
  postern.Send(SIGTERM);
  EXPECT_EQ(postern.WaitForExit(std::chrono::seconds(60)), 0);
  const auto folder = postern.folder() / "state/limits";
  // What the other file has would mend this one.
  std::filesystem::remove(folder / "counters.db-wal");
  std::ofstream(folder / "counters.db") << std::string(8192, 'x');
  std::ofstream(folder / "warm-up") << "rubbish";
  postern.StartAgain();
  EXPECT_TRUE(postern.LogShows("limits: the store is not used"));
  EXPECT_TRUE(postern.LogShows("warm-up: each begins anew and is not kept"));
  EXPECT_THAT(RunLimits(postern, "status").text,
              HasSubstr("move its directory away"));
  EXPECT_EQ(SendAs(postern, "alice"), MilterVerdict::kContinue);
  EXPECT_NE(SendAs(postern, "alice"), MilterVerdict::kContinue);
  EXPECT_EQ(SendAs(postern, "bob"), MilterVerdict::kContinue);
  postern.WriteConfig(Enforcing(dns, "", std::string(kClosed)));
  postern.Send(SIGHUP);
  EXPECT_TRUE(postern.LogShows("reloaded:"));
  EXPECT_NE(SendAs(postern, "carol"), MilterVerdict::kContinue);
}

}  // namespace
}  // namespace postern
