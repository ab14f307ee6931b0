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

class LimitsWire : public testing::Test {
 protected:
  MilterVerdict Send(const std::string& login) {
    MilterMessage message = CleanMessage();
    message.login = login;
    return Dial(postern_).SendMessage(message).verdict;
  }
  // `postern limits …`, as an operator types it.
  Outcome Limits(const std::string& words) {
    const std::string command =
        std::string(POSTERN_PROGRAM) + " limits --config " +
        (postern_.folder() / "postern.toml").string() + " " + words + " 2>&1";
    Outcome outcome;
    FILE* pipe = popen(command.c_str(), "r");
    char buffer[4096];
    while (const std::size_t size = fread(buffer, 1, sizeof buffer, pipe))
      outcome.text.append(buffer, size);
    const int status = pclose(pipe);
    outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return outcome;
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
      "limit-warning: limit=per-login key=login=alice percent=90"));  // leaks
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

}  // namespace
}  // namespace postern
