// What a message with 20 limits costs in Redis, beside a bare PING on the same
// kind of connection. Argument: redis.server of one that may be written to.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "policy/limits/redis_connection.h"
#include "policy/limits/redis_counters.h"

namespace {

using postern::In;

constexpr int kRounds = 5'000;
constexpr std::chrono::seconds kPatience{10};

// `between` is not timed.
template <typename Body, typename Between>
double MedianUs(Body body, Between between) {
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    between();
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
    rules[i].rates = {{1'000'000, std::chrono::hours(1), 1'000'000}};
    charges.push_back({&rules[i], "login=alice@example.com", 1});
  }
  int failed = 0;
  const double ping = MedianUs(
      [&] { failed += !(*connection)->Call({"PING"}, In(kPatience)); }, [] {});
  const auto reserve = [&](std::size_t count) {
    auto answer = counters.Reserve({charges.data(), count});
    failed += !answer || !answer->reservation;
    return answer ? std::move(answer->reservation) : nullptr;
  };
  // After what a message does, the server is asleep and its caches are cold.
  const auto finish = [&](const auto& reservation) {
    if (reservation) reservation->Commit();
    failed += !counters.Flush();
  };
  const double rested =
      MedianUs([&] { failed += !(*connection)->Call({"PING"}, In(kPatience)); },
               [&] { finish(reserve(20)); });
  std::shared_ptr<postern::Reservation> held;
  const auto reserve_again = [&](std::size_t count) {
    return MedianUs([&] { held = reserve(count); }, [&] { finish(held); });
  };
  const double one = reserve_again(1);
  const double twenty = reserve_again(20);
  std::printf("bare PING           %7.1f us\n", ping);
  std::printf("between messages    %7.1f us\n", rested);
  std::printf("reserve 1 rule      %7.1f us  %4.1f x\n", one, one / rested);
  std::printf("reserve 20 rules    %7.1f us  %4.1f x\n", twenty,
              twenty / rested);
  return failed == 0 ? 0 : 1;
}
