// What the limits do while their Redis does not answer, and after.
#include "policy/limits/shared_limiter.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/redis_server.h"

namespace postern {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

LimitRule Rule(std::string name, LimitStoreDown store_down) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = {{5, minutes(600), 5}};
  rule.store_down = store_down;
  return rule;
}

class Shared : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    server_ = std::make_unique<RedisServer>();
    limiter_ =
        std::move(SharedLimiter::Open(server_->Config(), clock_).value());
  }

  Limiter::Answer Ask(const LimitRule& rule) {
    const LimitCharge charge{&rule, "k", 1};
    return limiter_->Reserve({&charge, 1});
  }
  int PassMany(const LimitRule& rule, int times) {
    int passed = 0;
    for (int i = 0; i < times; ++i) {
      const Limiter::Answer answer = Ask(rule);
      if (!answer.reservation) continue;
      answer.reservation->Commit();
      ++passed;
    }
    return passed;
  }
  // Until the server counts again.
  void WaitForServer() {
    const Deadline deadline = In(seconds(30));
    while (!Ask(open_).unavailable.empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::yield();
    }
  }

  const LimitRule open_ = Rule("open", LimitStoreDown::kOpen);
  const LimitRule closed_ = Rule("closed", LimitStoreDown::kClosed);
  const LimitRule local_ = Rule("local", LimitStoreDown::kLocal);
  const SystemClock clock_;
  std::unique_ptr<RedisServer> server_;
  std::unique_ptr<SharedLimiter> limiter_;
};

TEST_F(Shared, EachRuleDoesWhatItSaysWhileTheServerIsDown) {
  EXPECT_EQ(PassMany(open_, 9), 5);
  EXPECT_TRUE(limiter_->state().answers);
  server_->Kill();
  EXPECT_EQ(PassMany(open_, 9), 9);
  EXPECT_EQ(PassMany(local_, 9), 5);
  const Limiter::Answer refused = Ask(closed_);
  ASSERT_TRUE(refused.overrun);
  EXPECT_TRUE(refused.overrun->store_is_down);
  EXPECT_GT(refused.overrun->retry_at, clock_.Now());
  EXPECT_EQ(refused.unavailable.front(), &closed_);
  EXPECT_EQ(Ask(open_).unavailable.front(), &open_);
  EXPECT_FALSE(limiter_->state().answers);
  EXPECT_FALSE(limiter_->state().failure.empty());
}

TEST_F(Shared, RecoversByItselfAndChargesWhatWasCountedMeanwhile) {
  server_->Kill();
  EXPECT_EQ(PassMany(local_, 3), 3);
  server_->Start();
  WaitForServer();
  ASSERT_TRUE(limiter_->Flush());
  EXPECT_EQ(PassMany(local_, 9), 2);
  EXPECT_EQ(PassMany(closed_, 9), 5);
}

TEST_F(Shared, SurvivesAServerThatDiesUnderLoad) {
  std::atomic<bool> is_over = false;
  std::atomic<int> asked = 0;
  std::atomic<int> odd = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      while (!is_over) {
        const Limiter::Answer answer = Ask(closed_);
        odd += answer.overrun.has_value() == (answer.reservation != nullptr);
        ++asked;
      }
    });
  const auto let_them_ask = [&asked] {
    const int enough = asked + 200;
    while (asked < enough) std::this_thread::yield();
  };
  for (int i = 0; i < 3; ++i) {
    let_them_ask();
    server_->Kill();
    let_them_ask();
    server_->Start();
  }
  is_over = true;
  threads.clear();
  EXPECT_EQ(odd, 0);
  WaitForServer();
}

TEST_F(Shared, StartsWithoutTheServer) {
  server_->Kill();
  const auto limiter =
      std::move(SharedLimiter::Open(server_->Config(), clock_).value());
  const LimitCharge charge{&closed_, "k", 1};
  EXPECT_TRUE(limiter->Reserve({&charge, 1}).overrun->store_is_down);
}

TEST_F(Shared, AServerThatOnlyListensDelaysNobodyForLong) {
  RedisConfig config = server_->Config();
  config.timeout = std::chrono::milliseconds(50);
  const auto limiter = std::move(SharedLimiter::Open(config, clock_).value());
  server_->Freeze();
  const LimitCharge charge{&closed_, "k", 1};
  EXPECT_TRUE(limiter->Reserve({&charge, 1}).overrun->store_is_down);
  server_->Thaw();
}

}  // namespace
}  // namespace postern
