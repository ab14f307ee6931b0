// A cluster, of which one node has all keys of a deployment.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "policy/base/file_descriptor.h"
#include "policy/limits/redis_counters.h"
#include "tests/support/limits.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

std::string FreePort() {
  FileDescriptor fd;
  fd.reset(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd.get(), generic, size), 0);
  EXPECT_EQ(getsockname(fd.get(), generic, &size), 0);
  return std::to_string(ntohs(address.sin_port));
}

struct Node {
  std::string port = FreePort();
  std::string bus = FreePort();
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
