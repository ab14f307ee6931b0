// Signals: SIGHUP, SIGTERM and SIGINT, one at a time, for the main thread.
//
// libmilter waits for the same signals, by sigwait in a thread of its own, and
// would stop the filter at SIGHUP. The kernel prefers our handlers in the main
// thread, but not while that thread has signals blocked, as the C library does
// for a moment when it starts a thread. So the program has a sigwait of its
// own, which libmilter finds before the C library's and which never returns.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "policy/base/result.h"

namespace postern {

enum class Signal {
  kReload,         // SIGHUP
  kStop,           // SIGTERM, SIGINT
  kListenerEnded,  // told by the listener's thread
};

// Once, in the main thread, before any other thread starts.
[[nodiscard]] Result<void> CatchSignals();
// The next one, in the order in which they came; nullopt: none in time.
[[nodiscard]] std::optional<Signal> NextSignal(std::chrono::milliseconds wait);
// From any thread.
void TellListenerEnded();

}  // namespace postern
