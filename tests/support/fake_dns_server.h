// FakeDnsServer: a DNS server on 127.0.0.1 that answers from scripted zone
// lines, over UDP and TCP, in threads of its own; for tests of the real
// resolver.
//
// TEMPERROR is answered with SERVFAIL, a silent name not at all. TXT values are
// sent as several strings of at most 250 octets. What is too long for UDP is
// truncated there.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netinet/in.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "policy/facts/scripted_dns.h"

namespace postern {

class FakeDnsServer {
 public:
  // The lines must be good: a test's zone that is not, aborts.
  explicit FakeDnsServer(std::string_view zone_lines,
                         std::set<std::string> silent_names = {});
  FakeDnsServer(const FakeDnsServer&) = delete;
  FakeDnsServer& operator=(const FakeDnsServer&) = delete;
  ~FakeDnsServer();

  // "127.0.0.1@PORT"
  [[nodiscard]] std::string address() const;
  // How often the name was asked, with any type.
  [[nodiscard]] int Queries(const std::string& name);
  // All that were asked, whatever the name.
  [[nodiscard]] int AllQueries();
  // Changes the octets of every answer for the name before it is sent.
  using Distortion = std::function<std::string(std::string response)>;
  void Distort(const std::string& name, Distortion distortion);
  // Questions are taken and counted; answers are held back until Release().
  void HoldBack();
  void Release();

 private:
  // A question by UDP, and who asked it.
  struct Asked {
    std::string query;
    sockaddr_in client;
  };
  void ServeUdp();
  void SendAnswer(const Asked& asked);
  void ServeTcp();
  [[nodiscard]] bool IsStopping();
  [[nodiscard]] std::string Answer(const std::string& query);

  std::unique_ptr<ScriptedDns> zone_;
  std::set<std::string> silent_names_;
  int socket_;
  int listener_;
  int port_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool is_held_back_ = false;                      // under mutex_
  bool is_stopping_ = false;                       // under mutex_
  std::vector<Asked> waiting_;                     // under mutex_
  std::map<std::string, int> queries_;             // under mutex_
  std::map<std::string, Distortion> distortions_;  // under mutex_
  std::jthread udp_server_;
  std::jthread tcp_server_;
};

}  // namespace postern
