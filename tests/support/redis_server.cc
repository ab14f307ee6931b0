#include "tests/support/redis_server.h"

#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/child.h"

namespace postern {
namespace {

constexpr const char* kProgram = "/usr/bin/redis-server";
constexpr std::chrono::seconds kPatience{20};

}  // namespace

RedisServer::RedisServer(std::vector<std::string> options)
    : options_(std::move(options)) {
  Start();
}

RedisServer::~RedisServer() { Kill(); }

bool RedisServer::IsThere() { return std::filesystem::exists(kProgram); }

RedisConfig RedisServer::Config() const {
  RedisConfig config;
  config.server = "unix:" + folder_.name() + "/redis.sock";
  // The machine may be busy: only a test of slowness waits for it.
  config.timeout = std::chrono::seconds(10);
  return config;
}

void RedisServer::Start() {
  std::vector<std::string> words = {kProgram,
                                    "--port",
                                    "0",
                                    "--unixsocket",
                                    folder_.name() + "/redis.sock",
                                    "--dir",
                                    folder_.name(),
                                    "--save",
                                    "",
                                    "--logfile",
                                    folder_.name() + "/log"};
  words.insert(words.end(), options_.begin(), options_.end());
  pid_ = StartChild(std::move(words));
  ASSERT_GT(pid_, 0);
  const Deadline deadline = In(kPatience);
  while (Ask({"PING"}).kind == RedisReply::Kind::kNil) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline)
        << "redis-server does not start; see " << folder_.name() << "/log";
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void RedisServer::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

void RedisServer::Freeze() { kill(pid_, SIGSTOP); }

void RedisServer::Thaw() { kill(pid_, SIGCONT); }

RedisReply RedisServer::Ask(const RedisCommand& command) const {
  auto connection = RedisConnection::Open(Config(), In(kPatience));
  if (!connection) return {};
  auto reply = (*connection)->Call(command, In(kPatience));
  return reply ? *reply : RedisReply{};
}

}  // namespace postern
