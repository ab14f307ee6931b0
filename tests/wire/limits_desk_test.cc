// `postern limits`, beside the running program and without it.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/wire/limits_wire.h"

namespace postern {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST_F(LimitsWire, ShowsWhatIsUsed) {
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  const DeskOutcome table = Limits("show");
  EXPECT_EQ(table.status, 0) << table.text;
  EXPECT_THAT(table.text, HasSubstr("login=alice"));
  EXPECT_THAT(table.text, HasSubstr("1/2  50%"));
  const DeskOutcome json = Limits("--json show --rule per-login --key alice");
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
  EXPECT_TRUE(postern_.LogShows(
      "findings=limit-per-login from=<a@example.com> reason=\"limit per-login: "
      "login=alice has used up 2 messages in 1d, free at 20"));
  EXPECT_THAT(Limits("status").text,
              HasSubstr("limit per-login        warned_100 1, deferred 1\n"));
  EXPECT_THAT(Limits("--json status").text,
              HasSubstr(R"("limits":{"per-login":{"warned_80":0,)"));
  const DeskOutcome explained = Limits("explain per-login login=alice");
  EXPECT_EQ(explained.status, 0);
  EXPECT_THAT(explained.text, HasSubstr("2 of 2 used (100 %)"));
  EXPECT_THAT(explained.text, HasSubstr("last refused at 2"));
  EXPECT_THAT(Limits("explain per-login login=bob").text,
              HasSubstr("nothing of it is used"));
}

TEST_F(LimitsWire, GrantsAndClearsAndSaysWhoDid) {
  for (int i = 0; i < 2; ++i) (void)Send("alice");
  const DeskOutcome granted = Limits(
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
  const DeskOutcome status = Limits("status");
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
  const DeskOutcome table = Limits("show");
  EXPECT_EQ(table.status, 0) << table.text;
  EXPECT_THAT(table.text, HasSubstr("1/2  50%"));
  const DeskOutcome granted =
      Limits("grant per-login login=alice 1 --for 2h --reason x");
  EXPECT_EQ(granted.status, 2);
  EXPECT_THAT(granted.text, HasSubstr("the daemon does not run"));
}

TEST_F(LimitsWire, WritesKeysAsTheyAreCounted) {
  for (int i = 0; i < 2; ++i) (void)Send("Alice@Example.com");
  EXPECT_THAT(Limits("explain per-login login=Alice@Example.com").text,
              HasSubstr("2 of 2 used"));
  EXPECT_THAT(Limits("show --key Alice@").text, HasSubstr("2/2 100%"));
  EXPECT_EQ(Limits("grant per-login login=ALICE@example.com 1 --for 2h "
                   "--reason x")
                .status,
            0);
  EXPECT_EQ(Send("Alice@Example.com"), MilterVerdict::kContinue);
  const DeskOutcome other = Limits("clear per-login mail_from=a --reason x");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.text,
              HasSubstr("limit per-login is keyed by login: write login=NAME"));
  EXPECT_EQ(Limits("clear per-login login=Alice@Example.com --reason x").status,
            0);
}

TEST_F(LimitsWire, KnowsTheLimitsThatAreBuiltIn) {
  const DeskOutcome explained =
      Limits("explain pace-mailbox-google recipient=Bob@Gmail.com");
  EXPECT_EQ(explained.status, 0) << explained.text;
  EXPECT_THAT(explained.text, HasSubstr("60/min"));
  EXPECT_EQ(Limits("grant pace-mailbox-google recipient=bob@gmail.com 5 "
                   "--for 2h --reason x")
                .status,
            0);
}

TEST(CapOfAMessageWire, IsExplained) {
  const FakeDnsServer dns(kZone);
  const RunningPostern postern(Enforcing(dns, "", R"(
[[limits]]
name = "cap"
key = ["mail_from"]
cost = "recipients"
per_message = 500
)"));
  EXPECT_THAT(RunLimits(postern, "explain cap mail_from=a@example.com").text,
              StartsWith("Limit cap counts recipients. One message may have "
                         "500; what has more is\nrejected.\n"));
  EXPECT_EQ(
      RunLimits(postern, "grant cap mail_from=a 1 --for 2h --reason x").status,
      1);
}

TEST_F(LimitsWire, SaysWhereTheCountersAreWhenItDoesNotRun) {
  EXPECT_EQ(Send("alice"), MilterVerdict::kContinue);
  postern_.Send(SIGTERM);
  EXPECT_EQ(postern_.WaitForExit(std::chrono::seconds(60)), 0);
  postern_.WriteConfig(Enforcing(dns_, "redis.server = \"127.0.0.1:1\"\n",
                                 std::string(kTwoADay)));
  const DeskOutcome shared = Limits("show");
  EXPECT_EQ(shared.status, 2);
  EXPECT_THAT(shared.text, HasSubstr("the counters are in the Redis at "
                                     "127.0.0.1:1"));
  postern_.WriteConfig(Enforcing(dns_, "", std::string(kTwoADay)));
  std::filesystem::remove_all(postern_.folder() / "state/limits");
  const DeskOutcome none = Limits("show");
  EXPECT_EQ(none.status, 0);
  EXPECT_THAT(none.text, HasSubstr("nothing is counted yet"));
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
  const DeskOutcome json = Limits("--json explain per-login login=carol");
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
  const DeskOutcome begun =
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

}  // namespace
}  // namespace postern
