// What the tests of the limits share: a limit, who sends, `postern limits`.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

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
