// The limiter whose store is damaged, full, old, new or taken.
#include "policy/limits/limiter.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/base/sqlite.h"
#include "policy/limits/embedded_limiter.h"
#include "tests/support/limits.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::HasSubstr;

// What each rule does while the store is down, one after the other.
struct Answers {
  bool counts = false;     // store_down = local: admits one, refuses two
  bool lets_pass = false;  // open: uncounted, and told
  bool refuses = false;    // closed: at once, and says why
};

Answers AskEach(Limiter* limiter) {
  LimitRule local = Rule("local", {{1, seconds(3600), 1}});
  LimitRule open = local;
  open.name = "open";
  open.store_down = LimitStoreDown::kOpen;
  LimitRule closed = local;
  closed.name = "closed";
  closed.store_down = LimitStoreDown::kClosed;
  const LimitCharge open_charge{&open, "k", 5};
  const LimitCharge closed_charge{&closed, "k", 1};
  const auto passed = limiter->Reserve({&open_charge, 1});
  const auto refused = limiter->Reserve({&closed_charge, 1});
  return {
      .counts = PassMany(limiter, local, 2) == 1,
      .lets_pass = passed.reservation != nullptr &&
                   passed.unavailable == std::vector<const LimitRule*>{&open},
      .refuses = refused.overrun && refused.overrun->store_is_down &&
                 refused.overrun->retry_at > TimePoint()};
}

void ExpectStoreDown(Limiter* limiter) {
  ASSERT_NE(limiter, nullptr);
  const Answers answers = AskEach(limiter);
  EXPECT_TRUE(answers.counts);
  EXPECT_TRUE(answers.lets_pass);
  EXPECT_TRUE(answers.refuses);
}

// What the operator is told of the store.
std::string StoreOf(Limiter* limiter) {
  for (const Limiter::Statement& statement : limiter->Status())
    if (statement.name == "store") return statement.value;
  return "";
}

TEST(Limiter, ADamagedStoreLeavesEachRuleToItsChoice) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  std::ofstream(directory.name() + "/counters.db") << std::string(8192, 'x');
  const auto limiter = Opened(directory.name(), clock);
  ExpectStoreDown(limiter.get());
  EXPECT_THAT(StoreOf(limiter.get()), HasSubstr("counters.db"));
  EXPECT_THAT(StoreOf(limiter.get()), HasSubstr("move"));
}

TEST(Limiter, AStoreOfANewerVersionIsLeftAlone) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  Opened(directory.name(), clock).reset();
  {
    auto database = SqliteDatabase::Open(directory.name() + "/counters.db");
    ASSERT_TRUE(database->Execute("PRAGMA user_version = 99"));
  }
  const auto limiter = Opened(directory.name(), clock);
  ExpectStoreDown(limiter.get());
  EXPECT_THAT(StoreOf(limiter.get()), HasSubstr("newer version"));
}

TEST(Limiter, AStoreOfTheFirstVersionIsBroughtUpToDate) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  {
    auto database = SqliteDatabase::Open(directory.name() + "/counters.db");
    // Four of the ten have an hour to go.
    ASSERT_TRUE(database->Execute(
        "CREATE TABLE meter (name BLOB, place INTEGER, count INTEGER,"
        " period_ns INTEGER, drained_at_ns INTEGER,"
        " PRIMARY KEY (name, place)) WITHOUT ROWID;"
        "CREATE TABLE state (name BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID;"
        "INSERT INTO state VALUES (CAST('run' AS BLOB), 'closed');"
        "INSERT INTO meter VALUES (CAST('r' || char(0) || 'kk' AS BLOB), 0, 10,"
        " 9000000000000, 1800003600000000000);"
        "PRAGMA user_version = 1"));
  }
  const LimitRule rule = Rule("r", {{10, seconds(9000), 10}});
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 20), 6);
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 20), 0);
}

TEST(Limiter, AStoreThatIsFullLeavesEachRuleToItsChoice) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  // A process of its own: the bound is for all its files, and for good.
  const pid_t child = fork();
  if (child == 0) {
    auto limiter = EmbeddedLimiter::Open(directory.name(), clock,
                                         {.writes_by_itself = false});
    const LimitRule rule = Rule("r", {{1'000'000, seconds(3600), 1'000'000}});
    signal(SIGXFSZ, SIG_IGN);
    const rlimit bound{.rlim_cur = 20'000, .rlim_max = 20'000};
    if (!limiter || setrlimit(RLIMIT_FSIZE, &bound) != 0) _exit(2);
    for (int i = 0; i < 1000; ++i)
      (void)Pass(limiter->get(), rule, std::to_string(i));
    const Answers answers = AskEach(limiter->get());
    const bool is_told = !(*limiter)->Flush();
    _exit(answers.counts && answers.lets_pass && answers.refuses && is_told
              ? 0
              : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Limiter, AStoreThatMayNotBeWrittenLeavesEachRuleToItsChoice) {
  const ManualClock clock(kStart);
  const ScratchDirectory directory;
  {
    EXPECT_TRUE(Pass(Opened(directory.name(), clock).get(),
                     Rule("r", {{9, seconds(3600), 9}}), "k"));
  }
  ASSERT_EQ(chmod(directory.name().c_str(), 0555), 0);
  // A process of its own, for nothing is forbidden to root.
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65'534;
    if (geteuid() == 0 && setuid(kNobody) != 0) _exit(2);
    auto limiter = Limiter::Open(directory.name(), clock);
    if (!limiter) _exit(3);
    const Answers answers = AskEach(limiter->get());
    const bool is_told = StoreOf(limiter->get()).contains("/lock: ");
    _exit(answers.counts && answers.lets_pass && answers.refuses && is_told
              ? 0
              : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Limiter, AStoreThatIsWrittenAgainCountsAgain) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  auto limiter = EmbeddedLimiter::Open(directory.name(), clock,
                                       {.writes_by_itself = false});
  ASSERT_TRUE(limiter);
  {
    auto other = SqliteDatabase::Open(directory.name() + "/counters.db");
    ASSERT_TRUE(other->Execute("ALTER TABLE state RENAME TO elsewhere"));
    ASSERT_FALSE(
        (*limiter)->Flush() &&
        PassMany(limiter->get(), Rule("r", {{5, seconds(60), 5}}), 1) == 1 &&
        (*limiter)->Flush());
    ExpectStoreDown(limiter->get());
    ASSERT_TRUE(other->Execute("ALTER TABLE elsewhere RENAME TO state"));
  }
  EXPECT_TRUE((*limiter)->Flush());
  LimitRule closed = Rule("closed", {{1, seconds(3600), 1}});
  closed.store_down = LimitStoreDown::kClosed;
  EXPECT_EQ(PassMany(limiter->get(), closed, 2), 1);
}

TEST(Limiter, AKeyWithoutRoomIsNotUnlimited) {
  ManualClock clock(kStart);
  auto limiter = EmbeddedLimiter::Open(
      "", clock, {.most_keys = 2, .writes_by_itself = false});
  ASSERT_TRUE(limiter);
  LimitRule rule = Rule("r", {{1, seconds(60), 1}});
  EXPECT_TRUE(Pass(limiter->get(), rule, "a"));
  EXPECT_TRUE(Pass(limiter->get(), rule, "b"));
  const LimitCharge charge{&rule, "c", 1};
  EXPECT_TRUE((*limiter)->Reserve({&charge, 1}).overrun->store_is_down);
  rule.store_down = LimitStoreDown::kOpen;
  const auto answer = (*limiter)->Reserve({&charge, 1});
  EXPECT_TRUE(answer.reservation);
  EXPECT_EQ(answer.unavailable.size(), 1u);
  // Drained ones make room.
  rule.store_down = LimitStoreDown::kLocal;
  clock.Advance(seconds(60));
  for (int i = 0; i < 64; ++i) ASSERT_TRUE((*limiter)->Flush());
  EXPECT_EQ(PassMany(limiter->get(), rule, 2), 1);
}

TEST(Limiter, TheStoreIsOfOneProcess) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const auto limiter = Opened(directory.name(), clock);
  EXPECT_FALSE(Limiter::Open(directory.name(), clock));
}

std::string Ask(const std::string& directory, const std::string& sql) {
  auto database = SqliteDatabase::Open(directory + "/counters.db");
  return database->Ask(sql).value_or("?");
}

// The program ends without destroying what its sessions may still use.
TEST(Limiter, AnOrderlyEndCostsNothing) {
  ManualClock clock(kStart);
  const ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{600, seconds(60), 600}});
  const auto limiter = Opened(directory.name(), clock);
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  ASSERT_TRUE(limiter->Close());
  // So that a restart of the machine is not taken for a loss of power.
  EXPECT_EQ(Ask(directory.name(),
                "SELECT value FROM state WHERE name = CAST('run' AS BLOB)"),
            "closed");
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));  // a session's last
  const ScratchDirectory next;
  std::filesystem::copy(directory.name(), next.name(),
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(PassMany(Opened(next.name(), clock).get(), rule, 700), 598);
}

TEST(Limiter, DrainedCountersLeaveTheStore) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{10, seconds(60), 10}});
  const auto limiter = Opened(directory.name(), clock);
  for (int i = 0; i < 100; ++i)
    Pass(limiter.get(), rule, "k" + std::to_string(i));
  ASSERT_TRUE(limiter->Flush());
  EXPECT_EQ(Ask(directory.name(), "SELECT count(*) FROM counter"), "100");
  clock.Advance(seconds(7));
  for (int i = 0; i < 64; ++i) ASSERT_TRUE(limiter->Flush());
  EXPECT_EQ(Ask(directory.name(), "SELECT count(*) FROM counter"), "0");
}

}  // namespace
}  // namespace postern
