// What the tests of the limits share: a limit, who sends, `postern limits`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>

#include "policy/base/clock.h"
#include "tests/wire/wire.h"

namespace postern {

inline constexpr std::string_view kTwoADay = R"(
[[limits]]
name = "per-login"
key = ["login"]
rates = ["2/d"]
over = "defer"
)";

struct DeskOutcome {
  int status = -1;
  std::string text;  // standard output and error
};

// `postern limits …`, as an operator types it.
inline DeskOutcome RunLimits(const RunningPostern& postern,
                             const std::string& words) {
  const std::string command =
      std::string(POSTERN_PROGRAM) + " limits --config " +
      (postern.folder() / "postern.toml").string() + " " + words + " 2>&1";
  DeskOutcome outcome;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (const std::size_t size = fread(buffer, 1, sizeof buffer, pipe))
    outcome.text.append(buffer, size);
  const int status = pclose(pipe);
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return outcome;
}

inline MilterVerdict SendAs(const RunningPostern& postern,
                            const std::string& login) {
  MilterMessage message = CleanMessage();
  message.login = login;
  return Dial(postern).SendMessage(message).verdict;
}

inline constexpr std::chrono::seconds kPatience{120};

// A limit of each login's recipients.
inline std::string LimitTable(std::string_view rate,
                              std::string_view store_down) {
  return "[[limits]]\nname = \"mine\"\nkey = [\"login\"]\n"
         "cost = \"recipients\"\nover = \"defer\"\nrates = [\"" +
         std::string(rate) + "\"]\nstore_down = \"" + std::string(store_down) +
         "\"\n";
}

inline MilterMessage ToTwo(const std::string& login) {
  MilterMessage message = CleanMessage();
  message.login = login;
  message.recipients.push_back({"<c@example.net>", {}});
  return message;
}

// A message with two recipients that never ends.
inline MilterClient ReserveTwo(const RunningPostern& postern) {
  MilterClient client = Dial(postern);
  const MilterMessage message = ToTwo("alice");
  EXPECT_TRUE(client.Mail(message).goes_on());
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_TRUE(client.Rcpt(message, i).goes_on());
  return client;
}

inline bool Comes(const std::function<bool()>& happens) {
  const Deadline deadline = In(kPatience);
  while (!happens()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

class LimitsWire : public testing::Test {
 protected:
  MilterVerdict Send(const std::string& login) {
    return SendAs(postern_, login);
  }
  DeskOutcome Limits(const std::string& words) {
    return RunLimits(postern_, words);
  }
  std::string AuditLog() {
    std::ostringstream text;
    text << std::ifstream(postern_.folder() / "state/audit.log").rdbuf();
    return text.str();
  }

  FakeDnsServer dns_{kZone};
  RunningPostern postern_{Enforcing(dns_, "", std::string(kTwoADay))};
};

}  // namespace postern
