// The counters in Redis under the load of many processes.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "policy/limits/redis_counters.h"
#include "tests/support/limits.h"
#include "tests/support/redis_server.h"

namespace postern {
namespace {

constexpr int kFailed = 255;

// How many of its hundred reservations pass, ten at a time; from when nobody
// holds the gate shut any more.
int PassOfHundred(const RedisConfig& config, int gate) {
  char none = 0;
  (void)!read(gate, &none, 1);
  const SystemClock clock;
  RedisCounters counters(config, clock);
  const LimitRule rule = Rule("r", {{100, seconds(86'400), 100}});
  std::atomic<int> passed = 0;
  std::atomic<bool> has_failed = false;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 10; ++i)
      threads.emplace_back([&] {
        for (int j = 0; j < 10; ++j) {
          const LimitCharge charge{&rule, "k", 1};
          const auto answer = counters.Reserve({&charge, 1});
          if (!answer) has_failed = true;
          if (!answer || !answer->reservation) continue;
          answer->reservation->Commit();
          ++passed;
        }
      });
  }
  return counters.Flush() && !has_failed ? passed.load() : kFailed;
}

TEST(RedisProcesses, ThousandReservationsAtOncePassExactlyHundred) {
#ifdef __has_feature
#if __has_feature(thread_sanitizer)
  GTEST_SKIP() << "thread sanitizer starts no thread after a fork";
#endif
#endif
  if (!RedisServer::IsThere()) GTEST_SKIP() << "redis-server is not installed";
  const RedisServer server;
  std::array<int, 2> gate{};
  ASSERT_EQ(pipe(gate.data()), 0);
  std::vector<pid_t> processes;
  for (int i = 0; i < 10; ++i) {
    const pid_t process = fork();
    if (process == 0) {
      close(gate[1]);
      _exit(PassOfHundred(server.Config(), gate[0]));
    }
    processes.push_back(process);
  }
  close(gate[0]);
  close(gate[1]);
  int passed = 0;
  for (const pid_t process : processes) {
    int status = 0;
    ASSERT_EQ(waitpid(process, &status, 0), process);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_NE(WEXITSTATUS(status), kFailed);
    passed += WEXITSTATUS(status);
  }
  EXPECT_EQ(passed, 100);
}

}  // namespace
}  // namespace postern
