// ScriptedSmtpServer: SMTP on a loopback port, in a thread, one session after
// the other.
//
// It answers by the first word of each command; what has no answer is taken
// with 250. "RCPT TO:<b@x>" and the like may be answered by the whole line.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/file_descriptor.h"

namespace postern {

class ScriptedSmtpServer {
 public:
  // "" greets, "." answers the end of data, "close" as an answer hangs up.
  using Answers = std::map<std::string, std::string>;
  ScriptedSmtpServer(std::initializer_list<Answers::value_type> answers);
  ScriptedSmtpServer(const ScriptedSmtpServer&) = delete;
  ScriptedSmtpServer& operator=(const ScriptedSmtpServer&) = delete;
  ~ScriptedSmtpServer();

  [[nodiscard]] std::string port() const { return std::to_string(port_); }
  // End the service: after the last session.
  [[nodiscard]] const std::vector<std::string>& commands();
  [[nodiscard]] const std::string& data();

 private:
  void End();
  void Serve();
  void Talk(int client);
  [[nodiscard]] std::string AnswerTo(const std::string& line) const;

  Answers answers_;
  FileDescriptor listener_;
  int port_ = 0;
  std::vector<std::string> commands_;
  std::string data_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace postern
