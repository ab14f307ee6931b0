// Hook: the operator's command, told what happened.
//
// The command runs without a shell, in an environment of nothing but PATH,
// LC_ALL and the values it is told (POSTERN_EVENT, POSTERN_LOGIN, ...), with no
// input and its output dropped; one at a time, and killed when it takes longer
// than its patience. Alarms go before warnings and have room of their own: no
// flood of warnings costs an alarm. Run never waits: when kMostWaiting of its
// urgency are waiting already, the event is dropped and the log says so.
// Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postern {

class Hook {
 public:
  static constexpr std::size_t kMostWaiting = 100;

  // `command` begins with an absolute path; empty: nothing ever runs.
  explicit Hook(std::vector<std::string> command,
                std::chrono::milliseconds patience = std::chrono::seconds(30));
  // What runs is killed, what waits is dropped.
  ~Hook();
  Hook(const Hook&) = delete;
  Hook& operator=(const Hook&) = delete;

  // Names in capitals without "POSTERN_". Values: control characters become
  // "?", at most 1,000 octets.
  using Values = std::vector<std::pair<std::string, std::string>>;
  enum class Urgency { kWarning, kAlarm };
  void Run(Urgency urgency, const Values& values);

  struct Counts {
    std::uint64_t run = 0;
    std::uint64_t failed = 0;
    std::uint64_t dropped = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  using Environment = std::vector<std::string>;
  void RunEach(const std::stop_token& stop);
  [[nodiscard]] bool RunOne(const Environment& environment,
                            const std::stop_token& stop);

  const std::vector<std::string> command_;
  const std::chrono::milliseconds patience_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Environment> alarms_, warnings_;  // that wait
  Counts counts_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace postern
