// FakeDnsServer: a DNS server on 127.0.0.1 that answers from scripted zone
// lines, over UDP, in a thread of its own; for tests of the real resolver.
//
// TEMPERROR is answered with SERVFAIL, a silent name not at all. TXT values are
// sent as several strings of at most 100 octets.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>

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
  // Answers are held back until Release().
  void HoldBack();
  void Release();

 private:
  void Serve();
  [[nodiscard]] std::string Answer(const std::string& query);

  std::unique_ptr<ScriptedDns> zone_;
  std::set<std::string> silent_names_;
  int socket_;
  int port_;
  std::mutex mutex_;
  std::condition_variable released_;
  bool is_held_back_ = false;           // under mutex_
  bool is_stopping_ = false;            // under mutex_
  std::map<std::string, int> queries_;  // under mutex_
  std::jthread server_;
};

}  // namespace postern
