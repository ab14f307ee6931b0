// PlayLoad: many connections that send a corpus through one filter.
//
// Every connection is a thread; all are greeted before the first message goes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "tests/support/milter_client.h"

namespace postern {

enum class Reuse { kConnection, kNothing };  // kNothing: one session a message

struct LoadPlan {
  std::string socket;
  std::size_t connections = 8;
  std::size_t messages = 1000;
  Reuse reuse = Reuse::kConnection;
};

struct LoadOutcome {
  std::chrono::nanoseconds elapsed{0};
  std::vector<std::chrono::nanoseconds> latencies;  // sorted
  std::map<std::string, std::size_t> answers;       // "continue", "451 …"
  std::size_t signed_count = 0;                     // that got a DKIM-Signature
  std::string failure;                              // the first; empty: none

  [[nodiscard]] std::chrono::nanoseconds Percentile(double share) const;
};

[[nodiscard]] LoadOutcome PlayLoad(const LoadPlan& plan,
                                   const std::vector<MilterMessage>& corpus);

}  // namespace postern
