// What limits cost: decisions a second, a message with many rules, and very
// many keys in memory, on disk and at a start. `limits_bench [KEYS]`; the
// store is made in the current directory and removed.
#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "policy/limits/limiter.h"

namespace postern {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Processor time as well: the machine may be busy with something else.
struct Took {
  double seconds = 0;
  double cpu_seconds = 0;
};

Took Measure(const std::function<void()>& work) {
  const auto begin = SteadyClock::now();
  const std::clock_t cpu = std::clock();
  work();
  return {std::chrono::duration<double>(SteadyClock::now() - begin).count(),
          static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC};
}

LimitRule Rule(std::string name) {
  LimitRule rule;
  rule.name = std::move(name);
  rule.rates = {{1'000'000'000, std::chrono::hours(24), 1'000'000'000}};
  return rule;
}

double ResidentMegabytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

std::unique_ptr<Limiter> Open(const std::string& directory,
                              const Clock& clock) {
  auto limiter = Limiter::Open(directory, clock);
  if (limiter) return std::move(*limiter);
  std::fprintf(stderr, "limits_bench: %s\n", limiter.error().message.c_str());
  std::exit(2);
}

void Pass(Limiter* limiter, std::span<const LimitCharge> charges) {
  const Limiter::Answer answer = limiter->Reserve(charges);
  if (!answer.reservation) std::exit(1);
  answer.reservation->Commit();
}

// Each decision is reserved and committed.
void Decide(Limiter* limiter, const char* what, int threads, int keys) {
  constexpr int kTimes = 300'000;
  const LimitRule rule = Rule("per-login");
  const Took took = Measure([&] {
    std::vector<std::jthread> workers;
    for (int t = 0; t < threads; ++t)
      workers.emplace_back([&, t] {
        for (int i = 0; i < kTimes; ++i) {
          const LimitCharge charge{
              &rule, "login=user" + std::to_string((i * threads + t) % keys)};
          Pass(limiter, {&charge, 1});
        }
      });
  });
  const double times = static_cast<double>(threads) * kTimes;
  std::printf("%-26s %9.0f decisions/s, %5.2f us of CPU each\n", what,
              times / took.seconds, took.cpu_seconds / times * 1e6);
}

void SendMessages(Limiter* limiter) {
  constexpr int kTimes = 50'000;
  std::vector<LimitRule> rules;
  for (int i = 0; i < 20; ++i) rules.push_back(Rule("r" + std::to_string(i)));
  const Took took = Measure([&] {
    for (int i = 0; i < kTimes; ++i) {
      std::vector<LimitCharge> charges;
      for (const LimitRule& rule : rules)
        charges.push_back({&rule, "login=user" + std::to_string(i % 1000)});
      Pass(limiter, charges);
    }
  });
  std::printf("%-26s %9.2f us, %5.2f us of CPU\n", "a message with 20 rules",
              took.seconds / kTimes * 1e6, took.cpu_seconds / kTimes * 1e6);
}

void KeepMany(const std::string& directory, int keys) {
  const ManualClock clock(TimePoint(std::chrono::seconds(1'800'000'000)));
  const LimitRule rule = Rule("per-recipient");
  auto limiter = Open(directory, clock);
  const double before = ResidentMegabytes();
  const Took filling = Measure([&] {
    for (int i = 0; i < keys; ++i) {
      const LimitCharge charge{
          &rule, "recipient=user" + std::to_string(i) + "@example.com"};
      Pass(limiter.get(), {&charge, 1});
    }
  });
  const double filled = ResidentMegabytes();
  const Took stopping = Measure([&] { limiter.reset(); });
  malloc_trim(0);  // what is left is not the next one's
  const Took starting = Measure([&] { limiter = Open(directory, clock); });
  std::printf("%-26s %9d in %.2f s, %.0f MB\n", "keys made", keys,
              filling.seconds, filled - before);
  std::printf("%-26s %9.2f s, %.2f s of CPU\n", "stopped", stopping.seconds,
              stopping.cpu_seconds);
  std::printf("%-26s %9.2f s, %.2f s of CPU, %.0f MB in all\n", "started again",
              starting.seconds, starting.cpu_seconds, ResidentMegabytes());
  limiter.reset();
}

void Run(int keys) {
  std::string directory = "limits_bench.XXXXXX";
  if (mkdtemp(directory.data()) == nullptr) std::exit(2);
  {
    const SystemClock clock;
    const auto limiter = Open(directory + "/a", clock);
    Decide(limiter.get(), "one thread, 10,000 keys", 1, 10'000);
    Decide(limiter.get(), "two threads, 10,000 keys", 2, 10'000);
    Decide(limiter.get(), "two threads, the same key", 2, 1);
    SendMessages(limiter.get());
    const auto in_memory = Open("", clock);
    Decide(in_memory.get(), "in memory: two threads", 2, 10'000);
  }
  KeepMany(directory + "/b", keys);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace postern

int main(int argc, char** argv) {
  postern::Run(argc > 1 ? std::atoi(argv[1]) : 1'000'000);
  return 0;
}
