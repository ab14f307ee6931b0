#include "policy/limits/history/history.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "policy/base/sqlite.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using std::chrono::days;
using std::chrono::hours;

const TimePoint kStart{days(20'000)};
const std::string kAlice = "login=alice";

std::unique_ptr<History> Opened(const std::string& directory,
                                const Clock& clock,
                                History::Options options = {}) {
  auto history = History::Open(directory, options, clock);
  EXPECT_TRUE(history) << history.error().message;
  return history ? std::move(*history) : nullptr;
}

MailThatLeft To(std::vector<std::string> recipients) {
  return {std::move(recipients), "alice@example.com",
          IpAddress::Parse("192.0.2.7")};
}

bool KnowsRecipient(const History& history, std::string_view address) {
  return history.Known(kAlice, Novelty::kRecipient, address);
}

TEST(History, KnowsWhatLeft) {
  const ManualClock clock(kStart);
  const auto history = Opened("", clock);
  EXPECT_FALSE(KnowsRecipient(*history, "b@example.org"));
  history->Remember(kAlice, To({"b@example.org"}));
  EXPECT_TRUE(KnowsRecipient(*history, "b@example.org"));
  EXPECT_TRUE(KnowsRecipient(*history, "B@Example.ORG"));
  EXPECT_TRUE(history->Known(kAlice, Novelty::kRecipientDomain, "example.org"));
  EXPECT_TRUE(history->Known(kAlice, Novelty::kFrom, "alice@example.com"));
  EXPECT_TRUE(history->Known(kAlice, Novelty::kNetwork, "192.0.2.0/24"));
  EXPECT_FALSE(history->Known(kAlice, Novelty::kFrom, "b@example.org"));
  EXPECT_FALSE(
      history->Known("login=bob", Novelty::kRecipient, "b@example.org"));
}

TEST(History, CountsTheDay) {
  ManualClock clock(kStart);
  const auto history = Opened("", clock);
  history->Remember(kAlice, To({"a@x.example", "b@x.example"}));
  history->Remember(kAlice, To({"a@x.example", "c@y.example"}));
  history->Refused(kAlice, 3);
  const TodayCounts expected{.recipients = 4,
                             .new_recipients = 3,
                             .new_recipient_domains = 2,
                             .new_froms = 1,
                             .new_networks = 1,
                             .refusals = 3};
  EXPECT_EQ(history->Look(kAlice).numbers.today, expected);
  clock.Advance(days(3));
  const OwnerNumbers later = history->Look(kAlice).numbers;
  EXPECT_EQ(later.today, TodayCounts{});
  EXPECT_EQ(later.days[3], (DayCounts{4, 3}));
  EXPECT_EQ(later.days_known(), 3);
}

TEST(History, AClockThatStepsBackStaysInTheLatestDay) {
  ManualClock clock(kStart);
  const auto history = Opened("", clock);
  history->Remember(kAlice, To({"a@x.example"}));
  clock.Set(kStart - days(1));
  history->Remember(kAlice, To({"a@x.example"}));
  EXPECT_EQ(history->Look(kAlice).numbers.days[0], (DayCounts{2, 1}));
}

TEST(History, AClockThatWasFarAheadIsForgotten) {
  ManualClock clock(kStart + days(10'000));
  const auto history = Opened("", clock);
  history->Remember(kAlice, To({"a@x.example"}));
  clock.Set(kStart);
  history->Remember(kAlice, To({"b@x.example"}));
  EXPECT_EQ(history->Look(kAlice).numbers.today.recipients, 1);
  clock.Advance(days(1));
  EXPECT_EQ(history->Look(kAlice).numbers.today.recipients, 0);
}

TEST(HistoryVisit, CountsEachRecipientOnceWhileUnderWay) {
  const ManualClock clock(kStart);
  const auto history = Opened("", clock);
  history->Remember(kAlice, To({"old@x.example"}));
  auto visit = history->Begin(kAlice);
  EXPECT_FALSE(visit->Add("old@x.example").recipient);
  EXPECT_TRUE(visit->Add("new@x.example").recipient);
  EXPECT_FALSE(visit->Add("NEW@x.example").recipient);
  EXPECT_TRUE(visit->Add("c@y.example").domain);
  const UnderWay seen = history->Look(kAlice).under_way;
  EXPECT_EQ(seen.recipients, 4);
  EXPECT_EQ(seen.new_recipients, 2);
  EXPECT_EQ(seen.new_recipient_domains, 1);
  visit = nullptr;
  EXPECT_EQ(history->Look(kAlice).under_way.recipients, 0);
  EXPECT_FALSE(KnowsRecipient(*history, "new@x.example"));
}

TEST(HistoryVisit, MayOutliveTheHistory) {
  const ManualClock clock(kStart);
  auto history = Opened("", clock);
  const auto visit = history->Begin(kAlice);
  (void)visit->Add("a@x.example");
  history = nullptr;
  (void)visit->Add("b@x.example");
}

TEST(History, SurvivesARestart) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  {
    const auto history = Opened(place.name(), clock);
    history->Remember(kAlice, To({"b@example.org"}));
    history->RaiseAlarm(kAlice, kStart + hours(1), "why");
  }
  const auto history = Opened(place.name(), clock);
  EXPECT_TRUE(KnowsRecipient(*history, "b@example.org"));
  EXPECT_EQ(history->Look(kAlice).numbers.today.new_recipients, 1);
  ASSERT_EQ(history->Alarms().size(), 1U);
  EXPECT_EQ(history->Alarms()[0].reason, "why");
}

TEST(History, AKilledProcessForgetsNothingThatCameBeforeAnAlarm) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  const pid_t child = fork();
  if (child == 0) {
    const auto history = Opened(place.name(), clock);
    history->Remember(kAlice, To({"a@x.example"}));
    (void)history->Flush();
    history->Remember(kAlice, To({"b@x.example"}));
    history->Refused(kAlice, 2);
    history->RaiseAlarm("another", kStart + hours(1), "why");
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  for (int start = 0; start < 2; ++start) {  // what is replayed counts once
    const auto history = Opened(place.name(), clock);
    EXPECT_TRUE(KnowsRecipient(*history, "a@x.example"));
    EXPECT_TRUE(KnowsRecipient(*history, "b@x.example"));
    EXPECT_EQ(history->Look(kAlice).numbers.days[0], (DayCounts{2, 2}));
    EXPECT_EQ(history->Look(kAlice).numbers.today.refusals, 2);
  }
}

TEST(History, ASecondProcessIsToldSo) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  const auto history = Opened(place.name(), clock);
  history->Remember(kAlice, To({"a@x.example"}));
  const auto second = History::Open(place.name(), {}, clock);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("locked"), std::string::npos)
      << second.error().message;
}

TEST(History, ADamagedFileIsAnErrorThatSaysWhatToDo) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  std::ofstream(place.name() + "/history.db") << std::string(10'000, 'x');
  const auto history = History::Open(place.name(), {}, clock);
  ASSERT_FALSE(history);
  EXPECT_NE(history.error().message.find("history.db"), std::string::npos);
  EXPECT_NE(history.error().message.find("move the file away"),
            std::string::npos);
}

TEST(History, ADamagedRecordIsAnError) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  Opened(place.name(), clock)->Remember(kAlice, To({"a@x.example"}));
  {
    auto database = SqliteDatabase::Open(place.name() + "/history.db");
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->Execute("UPDATE owner SET numbers = x'0102'"));
  }
  EXPECT_FALSE(History::Open(place.name(), {}, clock));
}

TEST(History, AFileOfANewerVersionIsLeftAlone) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  Opened(place.name(), clock)->Remember(kAlice, To({"a@x.example"}));
  {
    auto database = SqliteDatabase::Open(place.name() + "/history.db");
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->Execute("PRAGMA user_version = 9"));
  }
  const auto history = History::Open(place.name(), {}, clock);
  ASSERT_FALSE(history);
  EXPECT_NE(history.error().message.find("another version of Postern: 9"),
            std::string::npos);
}

TEST(History, StaysWithinItsMemory) {
  const ManualClock clock(kStart);
  const History::Options options{.memory = std::size_t{1} << 20};
  const auto history = Opened("", clock, options);
  for (int i = 0; i < 20'000; ++i)
    history->Remember("login=u" + std::to_string(i), To({"a@x.example"}));
  EXPECT_LE(history->size().octets, options.memory);
  EXPECT_GT(history->size().owners, 500U);
  EXPECT_TRUE(
      history->Known("login=u19999", Novelty::kRecipient, "a@x.example"));
  EXPECT_FALSE(history->Known("login=u0", Novelty::kRecipient, "a@x.example"));
}

TEST(History, WhoLeavesTheMemoryLeavesTheDisk) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  const History::Options options{.memory = std::size_t{1} << 20};
  std::size_t owners = 0;
  {
    const auto history = Opened(place.name(), clock, options);
    for (int i = 0; i < 5'000; ++i)
      history->Remember("login=u" + std::to_string(i), To({"a@x.example"}));
    owners = history->size().owners;
    EXPECT_LT(owners, 5'000U);
  }
  EXPECT_EQ(Opened(place.name(), clock)->size().owners, owners);
}

TEST(History, AnAlarmDoesNotLeaveForOthers) {
  const ManualClock clock(kStart);
  const auto history = Opened("", clock, {.memory = std::size_t{1} << 20});
  history->RaiseAlarm(kAlice, kStart + hours(1), "why");
  for (int i = 0; i < 20'000; ++i)
    history->Remember("login=u" + std::to_string(i), To({"a@x.example"}));
  EXPECT_EQ(history->Alarms().size(), 1U);
}

TEST(History, ForgetsWhoWritesNoMore) {
  ManualClock clock(kStart);
  const ScratchDirectory place;
  const auto history = Opened(place.name(), clock);
  history->Remember(kAlice, To({"a@x.example"}));
  clock.Advance(days(181));
  ASSERT_TRUE(history->Flush());
  EXPECT_EQ(history->size().owners, 0U);
}

TEST(History, YearsOfSilenceMakeNothingKnown) {
  ManualClock clock(kStart);
  for (const int silent : {181, 509, 510, 511, 1'020}) {
    const auto history = Opened("", clock);
    history->Remember(kAlice, To({"a@x.example"}));
    clock.Advance(days(silent));
    EXPECT_FALSE(KnowsRecipient(*history, "a@x.example")) << silent;
    history->Remember(kAlice, To({"b@x.example"}));
    EXPECT_FALSE(KnowsRecipient(*history, "a@x.example")) << silent;
  }
}

TEST(History, TakesHostileNamesAndAddresses) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  const std::string name =
      std::string("login=\0\xff\n", 9) + std::string(65'536, 'x');
  {
    const auto history = Opened(place.name(), clock);
    history->Remember(name, To({"", "@", std::string(65'536, '@')}));
    EXPECT_LT(history->size().octets, 4'096U);
  }
  const auto history = Opened(place.name(), clock);
  EXPECT_TRUE(history->Known(name, Novelty::kRecipient, "@"));
}

TEST(History, OfTwoAlarmsAtOnceOneIsRaised) {
  const ManualClock clock(kStart);
  const auto history = Opened("", clock);
  std::atomic<int> raised = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([&] {
        if (history->RaiseAlarm(kAlice, kStart + hours(1), "why")) ++raised;
      });
  }
  EXPECT_EQ(raised, 1);
  EXPECT_TRUE(history->EndAlarm(kAlice));
  EXPECT_FALSE(history->EndAlarm(kAlice));
}

TEST(History, ThreadsLoseNoCount) {
  const ManualClock clock(kStart);
  const ScratchDirectory place;
  const auto history = Opened(place.name(), clock);
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          const auto visit = history->Begin(kAlice);
          (void)visit->Add("a@x.example");
          history->Remember(kAlice,
                            To({std::to_string(t * 1'000 + i) + "@x.example"}));
          if (i % 50 == 0) (void)history->Flush();
        }
      });
  }
  const DayCounts today = history->Look(kAlice).numbers.days[0];
  EXPECT_EQ(today.recipients, 800);
  // One of 50 times one of them passes for another (SeenSet).
  EXPECT_LE(today.new_recipients, 800);
  EXPECT_GE(today.new_recipients, 797);
  EXPECT_EQ(history->Look(kAlice).under_way.recipients, 0);
}

TEST(NetworkText, IsWhereAClientMovesFreely) {
  EXPECT_EQ(NetworkText(*IpAddress::Parse("192.0.2.77")), "192.0.2.0/24");
  EXPECT_EQ(NetworkText(*IpAddress::Parse("2001:db8:1:2::3")),
            "2001:db8:1::/48");
}

}  // namespace
}  // namespace postern
