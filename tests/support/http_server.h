// HttpServer: a web server on 127.0.0.1 that sends what the test says, octet by
// octet; for tests of what asks the web.
//
// One connection at a time, in a thread of its own, each closed after its
// answer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace postern {

class HttpServer {
 public:
  // From the request, up to its empty line, to the octets of the answer; "":
  // none, until the client gives up.
  using Handler = std::function<std::string(const std::string& request)>;
  explicit HttpServer(Handler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  ~HttpServer();

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // All so far, "HEAD /x HTTP/1.1" and what follows.
  [[nodiscard]] std::vector<std::string> requests() const;
  // Until there are so many.
  void WaitForRequests(std::size_t count);

 private:
  void Serve();
  void ServeOne(int client);

  const Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  int client_ = -1;
  bool is_ending_ = false;
  std::thread thread_;
};

// An answer of HTTP/1.1 that redirects.
[[nodiscard]] std::string RedirectTo(const std::string& location,
                                     int status = 301);
[[nodiscard]] std::string AnswerOf(int status);

}  // namespace postern
