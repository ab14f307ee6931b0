// A cluster, of which one node has all keys of a deployment.
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "policy/limits/redis_counters.h"
#include "tests/support/free_port.h"
#include "tests/support/limits.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

struct Node {
  std::string port = std::to_string(FreePort());
  std::string bus = std::to_string(FreePort());
  RedisServer server{{"--cluster-enabled", "yes", "--bind", "127.0.0.1",
                      "--port", port, "--cluster-port", bus}};
};

class RedisCluster : public testing::Test {
 protected:
  void SetUp() override {
    if (!RedisServer::IsThere())
      GTEST_SKIP() << "redis-server is not installed";
    asked_ = std::make_unique<Node>();
    keeper_ = std::make_unique<Node>();
    keeper_->server.Ask({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
    asked_->server.Ask(
        {"CLUSTER", "MEET", "127.0.0.1", keeper_->port, keeper_->bus});
    for (const auto* node : {&asked_, &keeper_}) WaitFor((*node)->server);
  }

  // Until it serves, and knows who has the keys.
  static void WaitFor(const RedisServer& server) {
    const Deadline deadline = In(seconds(60));
    while (server.Ask({"CLUSTER", "INFO"}).text.find("cluster_state:ok") ==
           std::string::npos) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  const SystemClock clock_;
  std::unique_ptr<Node> asked_, keeper_;
};

TEST_F(RedisCluster, TheNodeThatHasTheKeysIsFollowed) {
  RedisCounters counters(asked_->server.Config(), clock_);
  const LimitRule rule = Rule("r", {{1, minutes(600), 1}});
  const LimitCharge charge{&rule, "k", 1};
  const auto first = counters.Reserve({&charge, 1});
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(first->reservation);
  first->reservation->Commit();
  EXPECT_TRUE(counters.Flush());
  const auto second = counters.Reserve({&charge, 1});
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(second->overrun);
  EXPECT_EQ(counters.Show({})->size(), 1U);
  EXPECT_EQ(asked_->server.Ask({"DBSIZE"}).integer, 0);
  EXPECT_GT(keeper_->server.Ask({"DBSIZE"}).integer, 0);
}

}  // namespace
}  // namespace postern
