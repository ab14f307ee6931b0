// What the commands of `postern limits` share: their options, and the daemon
// they ask, which has the counters in its memory.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "milter/desk/config_file.h"
#include "policy/base/clock.h"
#include "policy/config/config.h"

namespace postern {

// Exit statuses.
constexpr int kLimitsDone = 0;
constexpr int kLimitsRefused = 1;
constexpr int kLimitsCouldNot = 2;

struct LimitsOptions {
  std::string config_file = std::string(kConfigFile);
  bool is_json = false;
  std::string rule, key, lasting, reason;
  std::int64_t units = 0;
  std::size_t most = 1'000;
  std::string receiver;
  std::vector<std::string> words;  // of a warm-up: [OF] [pause DURATION]
  int day = 1;
};

struct LimitsDesk {
  Config config;
  const LimitsOptions& options;
  SystemClock clock;
};

// Tells it on standard error; returns the status.
int ComplainOfLimits(int status, std::string_view message);

// One line; octets that are no UTF-8 are replaced: an operator's shell gave
// them.
[[nodiscard]] std::string WrittenJson(const nlohmann::ordered_json& json);

// The daemon's answer; null: it does not run. Or the exit status, told.
[[nodiscard]] std::expected<nlohmann::ordered_json, int> AskForLimits(
    const LimitsDesk& desk, const nlohmann::ordered_json& request);
// The same, where only a running daemon will do.
[[nodiscard]] std::expected<nlohmann::ordered_json, int> AskRunningDaemon(
    const LimitsDesk& desk, const nlohmann::ordered_json& request);
// A request that is audited; the exit status.
[[nodiscard]] int ChangeLimits(const LimitsDesk& desk,
                               nlohmann::ordered_json request);

}  // namespace postern
