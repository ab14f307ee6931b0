// Listener: libmilter's socket and its loop. One per process: libmilter keeps
// both in globals.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/base/result.h"

namespace postern {

// Binds "unix:PATH" (absolute, or relative to the working directory; a stale
// one is replaced), "inet:PORT@HOST" or "inet6:PORT@HOST"; with socket
// activation the socket that systemd passed instead. After RegisterCallbacks.
[[nodiscard]] Result<void> OpenListener(const std::string& socket,
                                        unsigned socket_mode);
// Calls the callbacks until it fails. Does not return otherwise.
void RunListener();
// The socket that OpenListener made leaves the file system, unless another
// process has put its own there meanwhile.
void RemoveSocketFile(const std::string& socket);

}  // namespace postern
