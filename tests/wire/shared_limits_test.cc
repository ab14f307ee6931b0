// Limits of several Posterns in one Redis: real processes that share, lose and
// find the server again, and that are killed.
#include <atomic>
#include <cstring>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "tests/support/redis_server.h"
#include "tests/wire/limits_wire.h"

namespace postern {
namespace {

bool Send(MilterClient& client) {
  MilterMessage message = CleanMessage();
  message.login = "alice";
  return client.SendMessage(message).verdict == MilterVerdict::kContinue;
}
bool Send(const RunningPostern& postern) {
  MilterClient client = Dial(postern);
  return Send(client);
}

int CountOf(const std::string& text, std::string_view part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

class SharedLimitsWire : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    redis_ = std::make_unique<RedisServer>();
  }

  std::unique_ptr<RunningPostern> Run(std::string_view rate,
                                      std::string_view store_down) const {
    return std::make_unique<RunningPostern>(
        Enforcing(dns_,
                  "redis.server = \"" + redis_->Config().server +
                      "\"\nredis.timeout = \"10s\"\n",
                  LimitTable(rate, store_down)));
  }

  // The time of the counters goes on by so much.
  void Pass(std::chrono::microseconds time) const {
    const std::string key = "postern:{postern}:clock";
    std::string clock = redis_->Ask({"GET", key}).text;
    double ahead = 0;
    ASSERT_EQ(clock.size(), 2 * sizeof ahead);
    std::memcpy(&ahead, &clock[sizeof ahead], sizeof ahead);
    ahead += static_cast<double>(time.count());
    std::memcpy(&clock[sizeof ahead], &ahead, sizeof ahead);
    ASSERT_EQ(redis_->Ask({"SET", key, clock}).text, "OK");
  }

  FakeDnsServer dns_{kZone};
  std::unique_ptr<RedisServer> redis_;
};

TEST_F(SharedLimitsWire, TwoProcessesTogetherPassWhatTheLimitAdmits) {
  const auto one = Run("20/d", "closed");
  const auto other = Run("20/d", "closed");
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i)
      clients.emplace_back([&, to = i % 2 == 0 ? one.get() : other.get()] {
        MilterClient client = Dial(*to);
        for (int j = 0; j < 15; ++j) passed += Send(client) ? 1 : 0;
      });
  }
  EXPECT_EQ(passed, 20);
  // The counter, and the clock of them all.
  EXPECT_THAT(RunLimits(*one, "status").text,
              testing::ContainsRegex("redis_keys +2\nredis_memory +[1-9]"));
}

// Sends until it goes, and counts.
class Load {
 public:
  explicit Load(const RunningPostern& postern)
      : thread_([this, &postern](const std::stop_token& stop) {
          MilterClient client = Dial(postern);
          while (!stop.stop_requested()) ++(Send(client) ? passed_ : refused_);
        }) {}
  // Some more of them come.
  bool Passes() const { return Grows(passed_); }
  bool IsRefused() const { return Grows(refused_); }

 private:
  static bool Grows(const std::atomic<int>& count) {
    return Comes([&count, enough = count + 5] { return count >= enough; });
  }
  std::atomic<int> passed_ = 0, refused_ = 0;
  std::jthread thread_;  // the last: it uses the others
};

TEST_F(SharedLimitsWire, ARedisThatDiesUnderLoadIsToldOnceAndFoundAgain) {
  const auto closed = Run("1000000/d", "closed");
  const auto open = Run("1000000/d", "open");
  const Load load_of_closed(*closed);
  const Load load_of_open(*open);
  for (int times = 1; times <= 2; ++times) {
    EXPECT_TRUE(load_of_closed.Passes());
    EXPECT_TRUE(load_of_open.Passes());
    redis_->Kill();
    EXPECT_TRUE(load_of_closed.IsRefused());
    EXPECT_TRUE(load_of_open.Passes());
    redis_->Start();
    for (const RunningPostern* postern : {closed.get(), open.get()}) {
      EXPECT_TRUE(postern->LogShows("answers again", times));
      EXPECT_EQ(CountOf(postern->Log(), "do not answer"), times);
      EXPECT_EQ(CountOf(postern->Log(), "answers again"), times);
    }
  }
  EXPECT_TRUE(load_of_closed.Passes());
}

TEST_F(SharedLimitsWire, WhatAKilledProcessReservedLapses) {
  const auto killed = Run("2/d", "closed");
  const auto other = Run("2/d", "closed");
  const MilterClient client = ReserveTwo(*killed);
  killed->Send(SIGKILL);
  EXPECT_EQ(killed->WaitForExit(kPatience), -SIGKILL);
  EXPECT_FALSE(Send(*other));
  Pass(std::chrono::minutes(9));
  EXPECT_FALSE(Send(*other));
  Pass(std::chrono::minutes(1));
  EXPECT_TRUE(Send(*other));
  EXPECT_TRUE(Send(*other));
  EXPECT_FALSE(Send(*other));
}

}  // namespace
}  // namespace postern
