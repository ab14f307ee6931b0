// Talking over a stream socket to a program on this host or beside it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "policy/base/clock.h"
#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"

namespace postern {

// One connection. No call blocks longer than until the deadline; an Error says
// what failed. Belongs to one thread.
class StreamConnection {
 public:
  // To "127.0.0.1:11333", "[::1]:783" or "unix:/run/x.sock": an address, never
  // a name, for nothing is looked up while mail waits.
  [[nodiscard]] static Result<StreamConnection> Open(const std::string& address,
                                                     Deadline deadline);

  // kInterrupted: the other side speaks or has closed before it took all.
  enum class Written { kAll, kInterrupted };
  [[nodiscard]] Result<Written> Write(std::string_view octets) const;

  // What comes until `last` (which is left out) or until the other side closes.
  [[nodiscard]] Result<std::string> Read(std::size_t most_octets,
                                         std::optional<char> last = {}) const;

 private:
  StreamConnection(FileDescriptor socket, Deadline deadline)
      : socket_(std::move(socket)), deadline_(deadline) {}

  FileDescriptor socket_;
  Deadline deadline_;
};

// One request and its answer: what comes until the other side closes, at most
// 1 MiB. Our writing side stays open: rspamd takes its end for a client that
// has gone. Thread-safe.
[[nodiscard]] Result<std::string> Exchange(const std::string& address,
                                           std::string_view request,
                                           Deadline deadline);

}  // namespace postern
