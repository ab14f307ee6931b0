#include "tests/support/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace postern {

HttpServer::HttpServer(Handler handler) : handler_(std::move(handler)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0 || bind(listener_, generic, size) != 0 ||
      listen(listener_, 16) != 0 || getsockname(listener_, generic, &size) != 0)
    std::abort();
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

HttpServer::~HttpServer() {
  {
    const std::scoped_lock lock(mutex_);
    is_ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    if (client_ >= 0) shutdown(client_, SHUT_RDWR);
  }
  thread_.join();
  close(listener_);
}

std::vector<std::string> HttpServer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

void HttpServer::WaitForRequests(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return requests_.size() >= count; });
}

void HttpServer::Serve() {
  for (;;) {
    const int client = accept(listener_, nullptr, nullptr);
    {
      const std::scoped_lock lock(mutex_);
      if (client < 0 || is_ending_) {
        if (client >= 0) close(client);
        return;
      }
      client_ = client;
    }
    ServeOne(client);
    const std::scoped_lock lock(mutex_);
    client_ = -1;
    close(client);
  }
}

void HttpServer::ServeOne(int client) {
  std::string request;
  std::array<char, 4096> piece;
  while (request.find("\r\n\r\n") == request.npos) {
    const ssize_t count = recv(client, piece.data(), piece.size(), 0);
    if (count <= 0) return;
    request.append(piece.data(), static_cast<std::size_t>(count));
  }
  {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    changed_.notify_all();
  }
  const std::string answer = handler_(request);
  std::string_view rest = answer;
  while (!rest.empty()) {
    const ssize_t sent = send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  if (!answer.empty()) shutdown(client, SHUT_WR);
  while (recv(client, piece.data(), piece.size(), 0) > 0) {
  }
}

std::string RedirectTo(const std::string& location, int status) {
  return "HTTP/1.1 " + std::to_string(status) +
         " Moved\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

std::string AnswerOf(int status) {
  return "HTTP/1.1 " + std::to_string(status) +
         " As told\r\nContent-Length: 0\r\n\r\n";
}

}  // namespace postern
