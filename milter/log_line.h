// LogLine: the one line that is logged for each message, key=value.
//
// Foreign text in it is escaped; of the recipients it says how many.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "policy/decision/decision.h"

namespace postern {

struct LogContext {
  std::string queue_id;
  std::string mail_from;
  std::string login;  // {auth_authen}; empty: none
  std::size_t recipients = 0;
  std::string held_id;  // empty: nothing is held
  std::string fault;    // what went wrong on our side; empty: nothing
  std::chrono::milliseconds took{0};
};

// The decision as it was answered to the MTA.
[[nodiscard]] std::string LogLine(const Decision& decision,
                                  const LogContext& context);

}  // namespace postern
