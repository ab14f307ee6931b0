#include "policy/limits/limiter.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/base/sqlite.h"
#include "policy/limits/embedded_limiter.h"
#include "tests/support/limits.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::HasSubstr;

TEST(Limiter, SaysWhatWasExceededAndWhenItFrees) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("per-user", {{2, seconds(60), 2}});
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 2);
  const LimitCharge charge{&rule, "k", 1};
  const auto answer = limiter->Reserve({&charge, 1});
  ASSERT_TRUE(answer.overrun);
  EXPECT_EQ(answer.overrun->rule, "per-user");
  EXPECT_EQ(answer.overrun->rate.count, 2);
  EXPECT_EQ(answer.overrun->retry_at, kStart + seconds(30));
  clock.Set(kStart + seconds(30));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
}

TEST(Limiter, ACostAboveTheBurstIsNeverAdmitted) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{10, seconds(60), 10}});
  const LimitCharge charge{&rule, "k", 11};
  const auto answer = limiter->Reserve({&charge, 1});
  ASSERT_TRUE(answer.overrun);
  EXPECT_FALSE(answer.overrun->retry_at);
  EXPECT_EQ(PassMany(limiter.get(), rule, 20), 10);
}

TEST(Limiter, ChargesAllRatesOfAllChargesOrNone) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule wide =
      Rule("wide", {{100, seconds(60), 100}, {5, seconds(3600), 5}});
  const LimitRule narrow = Rule("narrow", {{1, seconds(60), 1}});
  const LimitCharge both[] = {{&wide, "k", 1}, {&narrow, "k", 1}};
  limiter->Reserve(both).reservation->Commit();
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(limiter->Reserve(both).overrun->rule, "narrow");
  EXPECT_EQ(PassMany(limiter.get(), wide, 10), 4);
}

TEST(Limiter, ChargesOfOneCounterAreAdded) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{3, seconds(60), 3}});
  const LimitCharge twice[] = {{&rule, "k", 2}, {&rule, "k", 2}};
  EXPECT_FALSE(limiter->Reserve(twice).overrun->retry_at);
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 3);
}

TEST(Limiter, ADroppedReservationIsGivenBack) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{3, seconds(60), 3}});
  const LimitCharge charge{&rule, "k", 3};
  limiter->Reserve({&charge, 1}).reservation.reset();
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 3);
}

TEST(Limiter, CancellingAfterItDrainedGivesNothingBack) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{60, seconds(60), 3}});
  const LimitCharge charge{&rule, "k", 3};
  auto reservation = limiter->Reserve({&charge, 1}).reservation;
  clock.Advance(seconds(100));
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 3);
  reservation.reset();
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 0);
}

TEST(Limiter, AReservationLapses) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{3, std::chrono::hours(24), 3}});
  const LimitCharge charge{&rule, "k", 3};
  auto reservation = limiter->Reserve({&charge, 1}).reservation;
  clock.Advance(Limiter::kLapse - seconds(1));
  EXPECT_FALSE(Pass(limiter.get(), rule, "k"));
  clock.Advance(seconds(1));
  EXPECT_TRUE(Pass(limiter.get(), rule, "k"));
  // Mail that leaves after all is charged all the same.
  reservation->Commit();
  EXPECT_FALSE(Pass(limiter.get(), rule, "k"));
}

TEST(Limiter, AReservationMayOutliveTheLimiter) {
  ManualClock clock(kStart);
  auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{3, seconds(60), 3}});
  const LimitCharge charge{&rule, "k", 3};
  auto reservation = limiter->Reserve({&charge, 1}).reservation;
  limiter.reset();
  reservation.reset();
}

TEST(Limiter, AClockThatStepsBackIsNoCreditAndNoPunishment) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{60, seconds(60), 2}});
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 2);
  clock.Set(kStart - std::chrono::hours(5));
  EXPECT_FALSE(Pass(limiter.get(), rule, "k"));
  const LimitCharge charge{&rule, "k", 1};
  EXPECT_EQ(limiter->Reserve({&charge, 1}).overrun->retry_at,
            kStart - std::chrono::hours(5) + seconds(1));
  clock.Advance(seconds(1));
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 1);
}

TEST(Limiter, AClockThatStepsForwardFrees) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  const LimitRule rule = Rule("r", {{2, seconds(3600), 2}});
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 2);
  clock.Advance(std::chrono::hours(5));
  EXPECT_EQ(PassMany(limiter.get(), rule, 5), 2);
}

TEST(Limiter, AChangedRateKeepsWhatWasSent) {
  ManualClock clock(kStart);
  const auto limiter = Opened("", clock);
  LimitRule rule = Rule("r", {{100, seconds(3600), 100}});
  EXPECT_EQ(PassMany(limiter.get(), rule, 40), 40);
  rule.rates = {{10, seconds(60), 10}, {50, seconds(3600), 50}};
  EXPECT_EQ(PassMany(limiter.get(), rule, 50), 0);
  clock.Advance(seconds(60));
  EXPECT_EQ(PassMany(limiter.get(), rule, 50), 10);
  rule.rates = {{100, seconds(3600), 5}};
  EXPECT_EQ(PassMany(limiter.get(), rule, 50), 0);
}

TEST(Limiter, KeysMayBeAnyOctets) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{1, seconds(3600), 1}});
  const std::vector<std::string> keys = {
      "",         std::string("a\0b", 3),  std::string("a\0c", 3),
      "\xff\xfe", std::string(65536, 'x'), std::string(65535, 'x') + "y"};
  auto limiter = Opened(directory.name(), clock);
  for (const std::string& key : keys)
    EXPECT_TRUE(Pass(limiter.get(), rule, key));
  limiter.reset();
  limiter = Opened(directory.name(), clock);
  for (const std::string& key : keys)
    EXPECT_FALSE(Pass(limiter.get(), rule, key)) << key.substr(0, 10);
}

TEST(Limiter, CountersSurviveARestart) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule =
      Rule("r", {{10, seconds(60), 10}, {100, seconds(3600), 100}});
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 7), 7);
  clock.Advance(seconds(6));
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 9), 4);
}

TEST(Limiter, AClockThatStepsBackOverARestartIsNoPunishment) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{60, seconds(60), 2}});
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 2), 2);
  clock.Set(kStart - std::chrono::hours(24));
  auto limiter = Opened(directory.name(), clock);
  EXPECT_EQ(PassMany(limiter.get(), rule, 2), 0);
  clock.Advance(seconds(1));
  EXPECT_EQ(PassMany(limiter.get(), rule, 2), 1);
}

// Runs in a process of its own, which is killed in the middle.
void RunAndKill(const std::function<void()>& work) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    work();
    (void)!write(ready[1], "x", 1);
    for (;;) pause();
  }
  char octet = 0;
  ASSERT_EQ(read(ready[0], &octet, 1), 1);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
}

TEST(Limiter, AKilledProcessInventsNoQuota) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{10, seconds(3600), 10}});
  RunAndKill([&] {
    auto limiter = Limiter::Open(directory.name(), clock);
    PassMany(limiter->get(), rule, 4);
    (void)limiter->get()->Flush();
    PassMany(limiter->get(), rule, 4);
    (void)limiter->release();
  });
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 10), 2);
}

Limiter::Answer Reserved(Limiter* limiter, const LimitRule& rule,
                         std::int64_t cost) {
  const LimitCharge charge{&rule, "k", cost};
  return limiter->Reserve({&charge, 1});
}

TEST(Limiter, AKillBetweenReserveAndCommitFreesWhatWasReserved) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{10, seconds(3600), 10}});
  std::vector<Limiter::Answer> open;
  RunAndKill([&] {
    auto limiter = Limiter::Open(directory.name(), clock);
    PassMany(limiter->get(), rule, 3);
    open.push_back(Reserved(limiter->get(), rule, 4));
    (void)limiter->get()->Flush();
    open.push_back(Reserved(limiter->get(), rule, 1));
    PassMany(limiter->get(), rule, 2);
    open.front().reservation->Commit();
    (void)limiter->release();
  });
  // Three, two and four are charged.
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 10), 1);
}

TEST(Limiter, AKillGivesBackWhatAGrantHadPaid) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{1, seconds(3600), 1}});
  std::vector<Limiter::Answer> open;
  RunAndKill([&] {
    auto limiter = Limiter::Open(directory.name(), clock);
    PassMany(limiter->get(), rule, 1);
    (void)limiter->get()->Grant({"r", "k", 5, kStart + seconds(600)});
    PassMany(limiter->get(), rule, 2);
    open.push_back(Reserved(limiter->get(), rule, 3));
    (void)limiter->release();
  });
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 10), 3);
}

TEST(Limiter, WhatThreadsJournalSideBySideIsReadInItsOrder) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{1000, seconds(86400 * 300), 1000}});
  RunAndKill([&] {
    auto limiter = Limiter::Open(directory.name(), clock);
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] { PassMany(limiter->get(), rule, 100); });
    threads.clear();
    (void)limiter->release();
  });
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 1000), 200);
}

TEST(Limiter, ATornJournalIsReadAsFarAsItGoes) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{10, seconds(3600), 10}});
  RunAndKill([&] {
    auto limiter = Limiter::Open(directory.name(), clock);
    PassMany(limiter->get(), rule, 4);
    (void)limiter->release();
  });
  std::ofstream(directory.name() + "/journal.0", std::ios::app) << "torn";
  std::ofstream(directory.name() + "/journal.1", std::ios::app) << "torn";
  // What was torn off is charged with a second: a bit of one unit.
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 10), 5);
}

TEST(Limiter, ALossOfPowerIsChargedWithASecond) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const LimitRule rule = Rule("r", {{600, seconds(60), 600}});
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 1), 1);
  {
    auto database = SqliteDatabase::Open(directory.name() + "/counters.db");
    ASSERT_TRUE(
        database->Execute("UPDATE state SET value = 'another boot' "
                          "WHERE name = CAST('run' AS BLOB)"));
  }
  // Ten a second: eleven are gone.
  EXPECT_EQ(PassMany(Opened(directory.name(), clock).get(), rule, 700), 589);
}

TEST(Limiter, AHundredPassOfAThousandAtOnce) {
  ManualClock clock(kStart);
  ScratchDirectory directory;
  const auto limiter = Opened(directory.name(), clock);
  const LimitRule rule = Rule("r", {{100, seconds(3600), 100}});
  const LimitRule other = Rule("o", {{1'000'000, seconds(3600), 1'000'000}});
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 125; ++i) {
          const LimitCharge charges[] = {
              {&rule, "k", 1}, {&other, "t" + std::to_string(t * i % 7), 1}};
          auto answer = limiter->Reserve(charges);
          if (!answer.reservation) continue;
          answer.reservation->Commit();
          ++passed;
        }
      });
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(limiter->Flush());
  }
  EXPECT_EQ(passed, 100);
}

}  // namespace
}  // namespace postern
