// AuditLog: who did what to a hold or a limit. One line each, fsynced.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/result.h"

namespace postern {

// "2026-11-21T20:15:00Z uid=0 sudo_user=alice drop 3f2a…" and the line's end.
[[nodiscard]] std::string AuditLine(TimePoint now, std::string_view deed);

// The same of somebody who asked the daemon.
struct Doer {
  unsigned uid = 0;
  std::string sudo_user;  // as his program says; empty: none
};
[[nodiscard]] std::string AuditLine(TimePoint now, const Doer& doer,
                                    std::string_view deed);

// Appends to audit.log in the state directory.
[[nodiscard]] Result<void> Audit(const std::string& state_directory,
                                 const std::string& line);

}  // namespace postern
