// One request and its answer over a stream socket to a program on this host or
// beside it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/result.h"

namespace postern {

// To "127.0.0.1:11333", "[::1]:783" or "unix:/run/x.sock". The answer is
// what comes until the other side closes, at most 1 MiB. Our writing side stays
// open: rspamd takes its end for a client that has gone. Blocks no longer than
// until the deadline; the Error says what failed. Thread-safe.
[[nodiscard]] Result<std::string> Exchange(const std::string& address,
                                           std::string_view request,
                                           Deadline deadline);

}  // namespace postern
