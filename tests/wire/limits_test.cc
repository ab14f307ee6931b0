// The limits of the running program, and the desk that shows and changes them.
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/wire/wire.h"

namespace postern {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kTwoADay = R"(
[[limits]]
name = "per-login"
key = ["login"]
rates = ["2/d"]
over = "defer"
)";

struct Outcome {
  int status = -1;
  std::string text;  // standard output and error
};

// `postern limits …`, as an operator types it.
Outcome RunLimits(const RunningPostern& postern, const std::string& words) {
  const std::string command =
      std::string(POSTERN_PROGRAM) + " limits --config " +
      (postern.folder() / "postern.toml").string() + " " + words + " 2>&1";
  Outcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (const std::size_t size = fread(buffer, 1, sizeof buffer, pipe))
    outcome.text.append(buffer, size);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

MilterVerdict SendAs(const RunningPostern& postern, const std::string& login) {
  MilterMessage message = CleanMessage();
  message.login = login;
  return Dial(postern).SendMessage(message).verdict;
}

class LimitsWire : public testing::Test {
 protected:
  MilterVerdict Send(const std::string& login) {
    return SendAs(postern_, login);
  }
  Outcome Limits(const std::string& words) {
    return RunLimits(postern_, words);
  }
  std::string AuditLog() {
    std::ostringstream text;
    text << std::ifstream(postern_.folder() / "state/audit.log").rdbuf();
    return text.str();
  }

  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_, "", std::string(kTwoADay))};
};

TEST_F(LimitsWire, ShowsWhatIsUsed) {
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  const Outcome table = Limits("show");
  EXPECT_EQ(table.status, 0) << table.text;
  EXPECT_THAT(table.text, HasSubstr("login=alice"));
  EXPECT_THAT(table.text, HasSubstr("1/2  50%"));
  const Outcome json = Limits("--json show --rule per-login --key alice");
  EXPECT_THAT(json.text, StartsWith(R"({"rule":"per-login","key":"login=alice")"
                                    R"(,"rates":[{"rate":"2/d")"));
  EXPECT_THAT(json.text, HasSubstr(R"("used":1)"));
}

TEST_F(LimitsWire, WarnsOnceAndExplainsARefusal) {
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  EXPECT_NE(Send("alice"), MilterVerdict::kContinue);
  EXPECT_TRUE(postern_.LogShows(
      "limit-warning: limit=per-login key=login=alice percent=100"));
  const Outcome explained = Limits("explain per-login login=alice");
  EXPECT_EQ(explained.status, 0);
  EXPECT_THAT(explained.text, HasSubstr("2 of 2 used (100 %)"));
  EXPECT_THAT(explained.text, HasSubstr("last refused at 2"));
  EXPECT_THAT(Limits("explain per-login login=bob").text,
              HasSubstr("nothing of it is used"));
}

TEST_F(LimitsWire, GrantsAndClearsAndSaysWhoDid) {
  for (int i = 0; i < 2; ++i) (void)Send("alice");
  const Outcome granted = Limits(
      "grant per-login login=alice 1 --for 2h --reason 'the spring letter'");
  EXPECT_EQ(granted.status, 0) << granted.text;
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  EXPECT_NE(Send("alice"), MilterVerdict::kContinue);
  EXPECT_EQ(Limits("clear per-login login=alice --reason done").status, 0);
  EXPECT_EQ(Limits("clear per-login login=alice --reason done").status, 1);
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  EXPECT_THAT(AuditLog(),
              HasSubstr("limits-grant limit=per-login key=login=alice units=1 "
                        "seconds=7200 reason=\"the spring letter\""));
  EXPECT_THAT(AuditLog(),
              HasSubstr("limits-clear limit=per-login key=login=alice"));
}

TEST_F(LimitsWire, RefusesWhatMakesNoSense) {
  EXPECT_EQ(Limits("explain no-such login=alice").status, 1);
  EXPECT_EQ(Limits("grant per-login alice 1 --for 2h --reason x").status, 1);
  EXPECT_EQ(Limits("grant per-login login=a 0 --for 2h --reason x").status, 1);
  EXPECT_EQ(Limits("grant per-login login=a 1 --for ever --reason x").status,
            1);
  EXPECT_EQ(Limits("grant per-login login=a 1 --for 2h").status, 2);
}

TEST_F(LimitsWire, TellsHowTheyAreKept) {
  (void)Send("alice");
  const Outcome status = Limits("status");
  EXPECT_EQ(status.status, 0) << status.text;
  EXPECT_THAT(status.text, HasSubstr("written each second"));
  EXPECT_THAT(status.text, HasSubstr("lost_by_power_failure"));
}

TEST_F(LimitsWire, IsOnlyForItsOwnUser) {
  struct stat status{};
  const std::string file = postern_.folder() / "state/admin.sock";
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(LimitsWire, ShowsWhatIsOnDiskWhenItDoesNotRun) {
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  postern_.Send(SIGTERM);
  EXPECT_EQ(postern_.WaitForExit(std::chrono::seconds(60)), 0);
  const Outcome table = Limits("show");
  EXPECT_EQ(table.status, 0) << table.text;
  EXPECT_THAT(table.text, HasSubstr("1/2  50%"));
  const Outcome granted =
      Limits("grant per-login login=alice 1 --for 2h --reason x");
  EXPECT_EQ(granted.status, 2);
  EXPECT_THAT(granted.text, HasSubstr("the daemon does not run"));
}

constexpr std::string_view kOverridden = R"(
[[limits]]
name = "per-login"
key = ["login"]
rates = ["2/d"]
over = "defer"
overrides = ["login=shop-* 500/d", "login=boss unlimited"]
overrides_file = "overrides"

[warm_up.new-domain]
domains = ["example.com"]
schedule = ["2d 100", "5d 1000"]
)";

class LimitsDeskWire : public LimitsWire {
 protected:
  LimitsDeskWire() {
    std::ofstream(postern_.folder() / "overrides")
        << "# customers\nlogin=carol 9/h\n";
    postern_.WriteConfig(Enforcing(dns_, "", std::string(kOverridden)));
    postern_.Send(SIGHUP);
    EXPECT_TRUE(postern_.LogShows("reloaded:"));
  }
};

TEST_F(LimitsDeskWire, ExplainsWhichOverrideApplies) {
  EXPECT_THAT(Limits("explain per-login login=shop-7").text,
              HasSubstr("an override holds: login=shop-* 500/d\n"
                        "    (the limit's overrides)"));
  EXPECT_THAT(Limits("explain per-login login=boss").text,
              HasSubstr("login=boss unlimited"));
  const Outcome json = Limits("--json explain per-login login=carol");
  EXPECT_THAT(json.text, HasSubstr(R"("override":{"pattern":"login=carol",)"
                                   R"("rates":["9/h"],"file":")"));
  EXPECT_THAT(json.text, HasSubstr(R"(overrides","line":2})"));
  EXPECT_THAT(Limits("--json explain per-login login=dave").text,
              HasSubstr(R"("override":null)"));
}

TEST_F(LimitsDeskWire, BeginsAWarmUpByHandAndShowsHowFarItIs) {
  EXPECT_THAT(Limits("warm-ups").text, HasSubstr("begins with its first mail"));
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  EXPECT_THAT(Limits("warm-ups").text, HasSubstr("day 1 of 7, 100 a day"));
  const Outcome begun =
      Limits("warm-up new-domain --day 3 --reason 'moved from another host'");
  EXPECT_EQ(begun.status, 0) << begun.text;
  EXPECT_THAT(Limits("warm-ups").text, HasSubstr("day 3 of 7, 1000 a day"));
  EXPECT_THAT(Limits("--json warm-ups").text,
              HasSubstr(R"("day":3,"days":7,"messages_today":1000)"));
  EXPECT_THAT(
      AuditLog(),
      HasSubstr("limits-warm-up author_domain=example.com receiver=all day=3 "
                "reason=\"moved from another host\""));
  EXPECT_EQ(Limits("warm-up new-domain pause 2h --reason TSS04").status, 0);
  EXPECT_THAT(Limits("warm-ups").text,
              HasSubstr("day 3 of 7, 1000 a day, paused until 20"));
  EXPECT_THAT(AuditLog(), HasSubstr("limits-warm-up-pause "
                                    "author_domain=example.com receiver=all "
                                    "seconds=7200 reason=\"TSS04\""));
  EXPECT_EQ(Limits("warm-up new-domain pause --reason x").status, 1);
  EXPECT_EQ(
      Limits("warm-up new-domain pause 2h --receiver google --reason x").status,
      1);
  EXPECT_EQ(Limits("warm-up no-such --reason x").status, 1);
  EXPECT_EQ(Limits("warm-up new-domain example.org --reason x").status, 1);
  EXPECT_EQ(Limits("warm-up new-domain --day 99 --reason x").status, 1);
  EXPECT_EQ(Limits("warm-up new-domain --receiver x --reason x").status, 1);
  EXPECT_EQ(Limits("warm-up new-domain").status, 2);
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
