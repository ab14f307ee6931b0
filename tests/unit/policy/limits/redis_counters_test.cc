// The counters in a real Redis: what they count, and what they make of hostile
// keys, foreign data and servers that cannot serve.
#include "policy/limits/redis_counters.h"

#include <atomic>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/limits/redis_counter.h"
#include "tests/support/free_port.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

const TimePoint kStart{seconds(1'800'000'000)};

LimitRule Rule(std::string name, std::vector<LimitRate> rates) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = std::move(rates);
  return rule;
}

class Redis : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    Serve({});
  }

  void Serve(std::vector<std::string> options) {
    server_ = std::make_unique<RedisServer>(std::move(options));
    counters_ = Counters(server_->Config());
  }
  std::unique_ptr<RedisCounters> Counters(const RedisConfig& config) {
    return std::make_unique<RedisCounters>(config, clock_, RedisTime::kClock);
  }

  // True: admitted, and committed.
  bool Pass(const LimitRule& rule, std::string key, std::int64_t cost = 1) {
    const LimitCharge charge{&rule, std::move(key), cost};
    const auto answer = counters_->Reserve({&charge, 1});
    EXPECT_TRUE(answer) << answer.error().message;
    if (!answer || !answer->reservation) return false;
    answer->reservation->Commit();
    return true;
  }
  int PassMany(const LimitRule& rule, int times) {
    int passed = 0;
    for (int i = 0; i < times; ++i) passed += Pass(rule, "k") ? 1 : 0;
    return passed;
  }
  // Why nothing was reserved.
  std::string FailureOf(RedisCounters* counters, const LimitRule& rule) {
    const LimitCharge charge{&rule, "k", 1};
    const auto answer = counters->Reserve({&charge, 1});
    return answer ? "no failure" : answer.error().message;
  }
  void Settle() { EXPECT_TRUE(counters_->Flush()); }

  ManualClock clock_{kStart};
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<RedisCounters> counters_;
};

TEST_F(Redis, ThousandConcurrentReservationsPassExactlyHundred) {
  const LimitRule rule = Rule("r", {{100, seconds(3'600), 100}});
  std::atomic<int> passed = 0;
  const auto other = Counters(server_->Config());
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back(
        [&, from = i % 2 == 0 ? counters_.get() : other.get()] {
          for (int j = 0; j < 100; ++j) {
            const LimitCharge charge{&rule, "k", 1};
            const auto answer = from->Reserve({&charge, 1});
            if (!answer || !answer->reservation) continue;
            answer->reservation->Commit();
            ++passed;
          }
        });
  }
  threads.clear();
  EXPECT_EQ(passed, 100);
}

TEST_F(Redis, WhatWasNeitherCommittedNorCancelledFreesItself) {
  const LimitRule rule = Rule("r", {{2, minutes(100), 2}});
  const LimitCharge charge{&rule, "k", 2};
  auto lost = counters_->Reserve({&charge, 1});
  ASSERT_TRUE(lost && lost->reservation);
  // As if its process had been killed; still known to who looks for leaks.
  [[maybe_unused]] static const auto* const killed =
      new std::shared_ptr<Reservation>(std::move(lost->reservation));
  EXPECT_FALSE(Pass(rule, "k"));
  clock_.Advance(Limiter::kLapse - seconds(1));
  EXPECT_FALSE(Pass(rule, "k", 2));
  clock_.Advance(seconds(1));
  EXPECT_TRUE(Pass(rule, "k", 2));
}

TEST_F(Redis, ACommitThatIsTooLateIsChargedAllTheSame) {
  const LimitRule rule = Rule("r", {{1, minutes(100), 1}});
  const LimitCharge charge{&rule, "k", 1};
  const auto late = counters_->Reserve({&charge, 1});
  ASSERT_TRUE(late && late->reservation);
  clock_.Advance(Limiter::kLapse);
  late->reservation->Commit();
  Settle();
  EXPECT_FALSE(Pass(rule, "k"));
  clock_.Advance(minutes(100));
  EXPECT_TRUE(Pass(rule, "k"));
}

TEST_F(Redis, AClockThatStepsBackIsHarmless) {
  const LimitRule rule = Rule("r", {{1, seconds(60), 1}});
  EXPECT_TRUE(Pass(rule, "k"));
  Settle();  // a commit tells the time as well
  clock_.Advance(-minutes(60));
  EXPECT_FALSE(Pass(rule, "k"));
  clock_.Advance(seconds(60));
  EXPECT_TRUE(Pass(rule, "k"));
}

TEST_F(Redis, AGrantTakesWhatIsOver) {
  const LimitRule rule = Rule("r", {{2, seconds(3'600), 2}});
  EXPECT_EQ(PassMany(rule, 5), 2);
  ASSERT_TRUE(counters_->Grant({"r", "k", 3, kStart + minutes(30)}));
  EXPECT_TRUE(Pass(rule, "k", 2));
  EXPECT_FALSE(Pass(rule, "k", 2));
  {  // what is cancelled comes back
    const LimitCharge charge{&rule, "k", 1};
    EXPECT_TRUE(counters_->Reserve({&charge, 1})->reservation);
  }
  Settle();
  EXPECT_TRUE(Pass(rule, "k"));
  EXPECT_FALSE(Pass(rule, "k"));
  ASSERT_TRUE(counters_->Grant({"r", "k", 3, clock_.Now() + minutes(1)}));
  clock_.Advance(minutes(1));
  EXPECT_FALSE(Pass(rule, "k"));
}

TEST_F(Redis, AGrantMayComeBeforeTheFirstCharge) {
  const LimitRule rule = Rule("r", {{1, seconds(3'600), 1}});
  ASSERT_TRUE(counters_->Grant({"r", "k", 2, kStart + minutes(30)}));
  EXPECT_EQ(PassMany(rule, 5), 3);
}

TEST_F(Redis, WarnsOnceForEachStepAndPeriod) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  std::vector<int> told;
  const auto send = [&](std::int64_t cost) {
    const LimitCharge charge{&rule, "k", cost};
    const auto answer = counters_->Reserve({&charge, 1});
    if (answer->reservation) answer->reservation->Commit();
    for (const LimitWarning& warning : answer->warnings)
      told.push_back(warning.percent);
  };
  for (int i = 0; i < 10; ++i) send(1);
  EXPECT_EQ(told, (std::vector{80, 90, 100}));
  clock_.Advance(seconds(30));
  send(3);
  EXPECT_EQ(told.size(), 3U);
  clock_.Advance(seconds(100));
  send(9);
  EXPECT_EQ(told, (std::vector{80, 90, 100, 90}));
}

TEST_F(Redis, ShowsWhatIsUsedUpTheMostUsedFirst) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  const LimitRule other = Rule("other", {{10, seconds(100), 10}});
  EXPECT_TRUE(Pass(rule, "login=alice", 2));
  EXPECT_TRUE(Pass(rule, "login=bob", 7));
  EXPECT_TRUE(Pass(other, "login=bob", 1));
  ASSERT_TRUE(
      counters_->Grant({"r", "login=alice", 4, clock_.Now() + minutes(1)}));
  const LimitCharge charge{&rule, "login=alice", 1};
  const auto open = counters_->Reserve({&charge, 1});
  Settle();

  const auto uses = counters_->Show({.rule = "r"});
  ASSERT_TRUE(uses) << uses.error().message;
  ASSERT_EQ(uses->size(), 2U);
  EXPECT_EQ((*uses)[0].key, "login=bob");
  const LimitUse& alice = (*uses)[1];
  ASSERT_EQ(alice.rates.size(), 1U);
  EXPECT_EQ(alice.rates[0].rate, rule.rates[0]);
  EXPECT_EQ(alice.rates[0].used, 3);
  EXPECT_EQ(alice.rates[0].free_at, clock_.Now() + seconds(30));
  EXPECT_EQ(alice.reserved, 1);
  EXPECT_EQ(alice.granted, 4);
  EXPECT_EQ(alice.grant_expires_at, clock_.Now() + minutes(1));

  EXPECT_EQ(counters_->Show({.key = "bob"})->size(), 2U);
  EXPECT_EQ(counters_->Show({.most = 1})->size(), 1U);
}

TEST_F(Redis, ForgetsWhatIsCleared) {
  const LimitRule rule = Rule("r", {{2, seconds(3'600), 2}});
  EXPECT_EQ(PassMany(rule, 5), 2);
  Settle();
  EXPECT_TRUE(*counters_->Clear("r", "k"));
  EXPECT_FALSE(*counters_->Clear("r", "k"));
  EXPECT_EQ(PassMany(rule, 5), 2);
}

TEST_F(Redis, KeysOfAnyOctetsAreKeptApart) {
  const LimitRule rule = Rule("r", {{1, seconds(3'600), 1}});
  const std::vector<std::string> keys = {"",
                                         std::string(1, '\0'),
                                         std::string(2, '\0'),
                                         "a\r\nDEL x\r\n",
                                         "a\xff\xfe b",
                                         std::string(65'536, 'x'),
                                         std::string(65'535, 'x') + "y",
                                         "{other}:*"};
  for (const std::string& key : keys) {
    EXPECT_TRUE(Pass(rule, key)) << key.substr(0, 20);
    EXPECT_FALSE(Pass(rule, key)) << key.substr(0, 20);
  }
  EXPECT_EQ(counters_->Show({})->size(), keys.size());
}

TEST_F(Redis, TenThousandKeysAtOnceAreAllOrNone) {
  const LimitRule rule = Rule("r", {{1, seconds(3'600), 1}});
  std::vector<LimitCharge> charges;
  for (int i = 0; i < 10'000; ++i)
    charges.push_back({&rule, std::to_string(i), 1});
  EXPECT_TRUE(Pass(rule, "9999"));
  const auto answer = counters_->Reserve(charges);
  ASSERT_TRUE(answer) << answer.error().message;
  ASSERT_TRUE(answer->overrun);
  EXPECT_EQ(answer->overrun->key, "9999");
  charges.pop_back();
  EXPECT_TRUE(counters_->Reserve(charges)->reservation);
}

TEST_F(Redis, CountersLeaveByThemselves) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  EXPECT_TRUE(Pass(rule, "k", 5));
  Settle();
  const std::string name = RedisKeyOf("postern", "r", "k");
  const auto left = server_->Ask({"PTTL", name}).integer;
  EXPECT_GT(left, 50'000);
  // As long as what was reserved lasts, and a margin: it is not told each time.
  EXPECT_LE(left, 900'000);
}

TEST_F(Redis, WhatIsNotOursIsLeftAlone) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  const std::string name = RedisKeyOf("postern", "r", "k");
  server_->Ask({"SADD", name, "somebody's"});
  EXPECT_THAT(FailureOf(counters_.get(), rule),
              HasSubstr("choose another redis.deployment"));
  EXPECT_EQ(server_->Ask({"SCARD", name}).integer, 1);
  server_->Ask({"DEL", name});
  server_->Ask({"SET", name, "somebody's"});
  EXPECT_THAT(FailureOf(counters_.get(), rule),
              HasSubstr("holds something else"));
  EXPECT_EQ(server_->Ask({"GET", name}).text, "somebody's");
}

TEST_F(Redis, WhatAnotherVersionCountedIsSaid) {
  const std::string name = RedisKeyOf("postern", "r", "k");
  const std::string older = "PL1" + std::string(85, '\0');
  server_->Ask({"SET", name, older});
  EXPECT_THAT(
      FailureOf(counters_.get(), Rule("r", {{10, seconds(100), 10}})),
      HasSubstr(name + " holds a counter of another version; delete it"));
  EXPECT_EQ(server_->Ask({"GET", name}).text, older);
}

TEST_F(Redis, AScriptThatTheServerForgotIsSentAgain) {
  const LimitRule rule = Rule("r", {{2, seconds(3'600), 2}});
  EXPECT_TRUE(Pass(rule, "k"));
  Settle();
  server_->Ask({"SCRIPT", "FLUSH"});
  EXPECT_EQ(PassMany(rule, 5), 1);
}

TEST_F(Redis, AFullMemoryIsSaid) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  EXPECT_TRUE(Pass(rule, "k"));
  Settle();
  server_->Ask({"CONFIG", "SET", "maxmemory", "1"});
  EXPECT_THAT(FailureOf(counters_.get(), rule), HasSubstr("raise maxmemory"));
}

TEST_F(Redis, AReplicaIsRefused) {
  server_->Ask({"REPLICAOF", "127.0.0.1", "1"});
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  EXPECT_THAT(FailureOf(Counters(server_->Config()).get(), rule),
              HasSubstr("read-only replica"));
}

TEST_F(Redis, APrimaryThatBecomesAReplicaIsSaid) {
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  EXPECT_TRUE(Pass(rule, "k"));
  server_->Ask({"REPLICAOF", "127.0.0.1", "1"});
  EXPECT_THAT(FailureOf(counters_.get(), rule), HasSubstr("replica"));
}

TEST_F(Redis, AWrongPasswordIsSaidAndNotShown) {
  server_->Ask(
      {"ACL", "SETUSER", "postern", "on", ">right-one", "~postern:*", "+@all"});
  RedisConfig config = server_->Config();
  config.user = "postern";
  config.password_file = server_->folder() + "/password";
  const LimitRule rule = Rule("r", {{10, seconds(100), 10}});
  const auto write = [&](const char* password) {
    std::ofstream(config.password_file) << password << "\n";
    chmod(config.password_file.c_str(), 0600);
  };
  write("wrong-one");
  const std::string failure = FailureOf(Counters(config).get(), rule);
  EXPECT_THAT(failure, HasSubstr("see redis.user and redis.password_file"));
  EXPECT_THAT(failure, testing::Not(HasSubstr("wrong-one")));
  write("right-one");
  EXPECT_EQ(FailureOf(Counters(config).get(), rule), "no failure");
  chmod(config.password_file.c_str(), 0644);
  EXPECT_THAT(FailureOf(Counters(config).get(), rule), HasSubstr("chmod 640"));
}

TEST_F(Redis, ADatabaseThatIsNotThereIsSaid) {
  RedisConfig config = server_->Config();
  config.database = 16;
  EXPECT_THAT(
      FailureOf(Counters(config).get(), Rule("r", {{10, seconds(100), 10}})),
      HasSubstr("redis.database 16"));
}

TEST_F(Redis, OneHashTagKeepsAllKeysOnOneNodeOfACluster) {
  // Its bus would else be on a port of its own choice.
  Serve({"--cluster-enabled", "yes", "--bind", "127.0.0.1", "--cluster-port",
         std::to_string(FreePort())});
  server_->Ask({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
  const Deadline deadline = In(seconds(20));
  while (server_->Ask({"CLUSTER", "INFO"}).text.find("state:ok") ==
         std::string::npos) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    std::this_thread::yield();
  }
  const LimitRule a = Rule("a", {{10, seconds(100), 10}});
  const LimitRule b = Rule("b", {{10, seconds(100), 10}});
  const std::vector<LimitCharge> charges = {{&a, "x", 1}, {&b, "y", 1}};
  const auto answer = counters_->Reserve(charges);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(answer->reservation);
}

}  // namespace
}  // namespace postern
