// AdminSocket: how the desk reaches the running daemon.
//
// A unix socket that only the daemon's user and root can open (mode 0600). One
// line of JSON each way, then it is closed. A thread of its own answers one
// client after the other, each within seconds and of bounded size, so that no
// mail waits for it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"

namespace postern {

[[nodiscard]] inline std::string AdminSocketFile(
    const std::string& state_directory) {
  return state_directory + "/admin.sock";
}

class AdminSocket {
 public:
  // The answer to a request, both without the line's end; who asks, as the
  // kernel says. Called by the socket's thread.
  using Answerer =
      std::function<std::string(const std::string& request, uid_t uid)>;
  // Takes the place of a socket that nobody listens at any more.
  [[nodiscard]] static Result<std::unique_ptr<AdminSocket>> Open(
      const std::string& file, Answerer answerer);
  AdminSocket(const AdminSocket&) = delete;
  AdminSocket& operator=(const AdminSocket&) = delete;
  ~AdminSocket();

 private:
  AdminSocket(std::string file, FileDescriptor listener, Answerer answerer);
  void Serve(const std::stop_token& stop) const;
  void Answer(const FileDescriptor& client) const;

  const std::string file_;
  const FileDescriptor listener_;
  const Answerer answerer_;
  std::jthread thread_;  // last: it uses the others
};

// The desk's side. nullopt: no daemon listens there.
[[nodiscard]] Result<std::optional<std::string>> AskDaemon(
    const std::string& file, const std::string& request);

}  // namespace postern
