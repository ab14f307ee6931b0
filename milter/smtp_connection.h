// SmtpConnection: the wire of an SMTP client: lines out, replies in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"

namespace postern {

struct ServerReply {
  int code = 0;
  std::vector<std::string> lines;  // without the code
  [[nodiscard]] bool is_positive() const { return code < 300; }
  // "250 2.0.0 ok", in one line and without control characters.
  [[nodiscard]] std::string ToString() const;
};

class SmtpConnection {
 public:
  // The Error is the reason alone. The timeout is that of each step.
  [[nodiscard]] static Result<SmtpConnection> Open(
      const std::string& host, const std::string& port,
      std::chrono::seconds timeout);

  [[nodiscard]] Result<void> Write(std::string_view octets);
  // Of at most 100 lines with 2000 octets each. What is no reply is an Error.
  [[nodiscard]] Result<ServerReply> Read();
  // One command line without its CRLF, and the reply.
  [[nodiscard]] Result<ServerReply> Say(std::string_view line);

 private:
  explicit SmtpConnection(FileDescriptor socket) : socket_(std::move(socket)) {}
  [[nodiscard]] Result<std::string> ReadLine();

  FileDescriptor socket_;
  std::string unread_;
};

}  // namespace postern
