// What a message with 20 limits costs in Redis, beside a bare PING on the same
// kind of connection. Argument: redis.server of one that may be written to.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "policy/limits/redis_connection.h"
#include "policy/limits/redis_counters.h"

namespace {

using postern::In;

constexpr int kRounds = 5'000;
constexpr std::chrono::seconds kPatience{10};

template <typename Body>
double MedianUs(Body body) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    times.push_back(std::chrono::duration<double, std::micro>(
                        std::chrono::steady_clock::now() - begin)
                        .count());
  }
  std::ranges::nth_element(times, times.begin() + kRounds / 2);
  return times[kRounds / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: limits_redis_bench unix:/PATH\n");
    return 2;
  }
  postern::RedisConfig config;
  config.server = argv[1];
  config.timeout = kPatience;
  config.deployment = "bench";
  auto connection = postern::RedisConnection::Open(config, In(kPatience));
  if (!connection) {
    std::fprintf(stderr, "%s\n", connection.error().message.c_str());
    return 1;
  }
  const postern::SystemClock clock;
  postern::RedisCounters counters(config, clock);
  std::vector<postern::LimitRule> rules(20);
  std::vector<postern::LimitCharge> charges;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].name = "rule" + std::to_string(i);
    rules[i].rates = {{1'000'000'000, std::chrono::hours(1), 1'000'000'000}};
    charges.push_back({&rules[i], "login=alice@example.com", 1});
  }
  int failed = 0;
  const double ping = MedianUs(
      [&] { failed += !(*connection)->Call({"PING"}, In(kPatience)); });
  const auto reserve = [&](std::size_t count) {
    std::vector<double> times;
    for (int i = 0; i < kRounds; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      auto answer = counters.Reserve({charges.data(), count});
      times.push_back(std::chrono::duration<double, std::micro>(
                          std::chrono::steady_clock::now() - begin)
                          .count());
      failed += !answer || !answer->reservation;
      if (answer && answer->reservation) answer->reservation->Commit();
      failed += !counters.Flush();
    }
    std::ranges::nth_element(times, times.begin() + kRounds / 2);
    return times[kRounds / 2];
  };
  const double one = reserve(1);
  const double twenty = reserve(20);
  std::printf("bare PING           %7.1f us\n", ping);
  std::printf("reserve 1 rule      %7.1f us  %4.1f x\n", one, one / ping);
  std::printf("reserve 20 rules    %7.1f us  %4.1f x\n", twenty, twenty / ping);
  return failed == 0 ? 0 : 1;
}
