#include "policy/facts/clamd.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "policy/base/call_free.h"
#include "policy/base/result.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMaxReply = 1024;

class Connection {
 public:
  explicit Connection(Deadline deadline) : deadline_(deadline) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (fd_ >= 0) close(fd_);
  }

  Result<void> OpenUnix(std::string_view path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
      return Fail("the path of the socket is too long");
    path.copy(address.sun_path, path.size());
    return Open(AF_UNIX, reinterpret_cast<const sockaddr*>(&address),
                sizeof address);
  }

  Result<void> OpenInet(const std::string& port, const std::string& host) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (error != 0) return Fail(host + ": " + gai_strerror(error));
    const std::unique_ptr<addrinfo, CallFree<freeaddrinfo>> all(found);
    Result<void> opened = Fail(host + ": no address");
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
      opened = Open(one->ai_family, one->ai_addr, one->ai_addrlen);
      if (opened) break;
    }
    return opened;
  }

  // True: all was sent. False: the other side has something to say already.
  Result<bool> Send(std::string_view octets) {
    while (!octets.empty()) {
      const Result<short> ready = Wait(POLLOUT | POLLIN);
      if (!ready) return std::unexpected(ready.error());
      if ((*ready & (POLLIN | POLLHUP | POLLERR)) != 0) return false;
      const ssize_t sent =
          send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
      if (sent > 0) octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Up to the NUL that ends it.
  Result<std::string> Reply() {
    std::string reply;
    while (reply.size() < kMaxReply) {
      const Result<short> ready = Wait(POLLIN);
      if (!ready) return std::unexpected(ready.error());
      std::array<char, 256> piece;
      const ssize_t count = recv(fd_, piece.data(), piece.size(), 0);
      if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (count <= 0) break;
      const std::string_view got(piece.data(), static_cast<std::size_t>(count));
      const std::size_t end = got.find('\0');
      reply += got.substr(0, end);
      if (end != got.npos) return reply;
    }
    if (reply.empty()) return Fail("clamd closed the connection");
    return reply;
  }

 private:
  Result<void> Open(int family, const sockaddr* address, socklen_t size) {
    if (fd_ >= 0) close(fd_);
    fd_ = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) return Fail(std::strerror(errno));
    if (connect(fd_, address, size) == 0) return {};
    if (errno != EINPROGRESS) return Fail(std::strerror(errno));
    const Result<short> ready = Wait(POLLOUT);
    if (!ready) return std::unexpected(ready.error());
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) return Fail(std::strerror(error));
    return {};
  }

  Result<short> Wait(int events) const {
    pollfd entry{fd_, static_cast<short>(events), 0};
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          deadline_ - std::chrono::steady_clock::now());
      if (left.count() <= 0) return Fail("clamd did not answer in time");
      const int count = poll(&entry, 1, static_cast<int>(left.count()));
      if (count > 0) return entry.revents;
      if (count < 0 && errno != EINTR) return Fail(std::strerror(errno));
    }
  }

  Deadline deadline_;
  int fd_ = -1;
};

Result<void> Open(std::string_view where, Connection* connection) {
  const std::size_t colon = where.find(':');
  const std::string_view kind = where.substr(0, colon);
  const std::string_view place = where.substr(colon + 1);
  if (!kind.starts_with("inet")) return connection->OpenUnix(place);
  const std::size_t at = place.find('@');
  return connection->OpenInet(std::string(place.substr(0, at)),
                              std::string(place.substr(at + 1)));
}

// A piece with its length before it, big-endian.
Result<bool> SendChunk(std::string_view octets, Connection* connection) {
  std::string framed;
  framed.reserve(octets.size() + 4);
  const auto size = static_cast<std::uint32_t>(octets.size());
  for (const int shift : {24, 16, 8, 0})
    framed += static_cast<char>(size >> shift);
  framed += octets;
  return connection->Send(framed);
}

Result<bool> SendAll(std::string_view octets, Connection* connection) {
  Result<bool> sent = true;
  while (sent && *sent && !octets.empty()) {
    sent = SendChunk(octets.substr(0, kChunk), connection);
    octets.remove_prefix(std::min(kChunk, octets.size()));
  }
  return sent;
}

Result<std::string> Scan(const ClamdConfig& config, const Message& message,
                         Deadline deadline) {
  Connection connection(deadline);
  const Result<void> open = Open(config.socket, &connection);
  if (!open) return Fail(config.socket + ": " + open.error().message);
  Result<bool> sent = connection.Send(std::string_view("zINSTREAM\0", 10));
  if (sent && *sent)
    sent = SendAll(ToOctets(message.header, Body()), &connection);
  if (sent && *sent) sent = SendAll(message.body.bytes(), &connection);
  if (sent && *sent) sent = SendChunk({}, &connection);
  if (!sent) return std::unexpected(sent.error());
  return connection.Reply();
}

// "stream: OK", "stream: NAME FOUND", "... ERROR".
MalwareFact Read(std::string_view reply) {
  MalwareFact fact;
  reply = Trim(reply);
  constexpr std::string_view kFound = " FOUND";
  if (reply == "stream: OK") {
    fact.result = MalwareFact::Result::kClean;
  } else if (reply.starts_with("stream: ") && reply.ends_with(kFound)) {
    fact.result = MalwareFact::Result::kFound;
    reply.remove_prefix(8);
    reply.remove_suffix(kFound.size());
    fact.name = EscapeForLog(reply, 100);
  } else {
    fact.result = MalwareFact::Result::kUnknown;
    fact.reason = "clamd: " + EscapeForLog(reply, 100);
  }
  return fact;
}

}  // namespace

MalwareFact AskClamd(const ClamdConfig& config, const Message& message,
                     Deadline deadline) {
  if (config.socket.empty()) return {};
  const auto size = static_cast<std::int64_t>(message.body.size());
  if (size > config.max_message_bytes)
    return {.result = MalwareFact::Result::kUnknown,
            .reason = "larger than clamd.max_message_size"};
  const Result<std::string> reply =
      Scan(config, message, std::min(deadline, In(config.timeout)));
  if (reply) return Read(*reply);
  return {.result = MalwareFact::Result::kUnknown,
          .reason = reply.error().message};
}

}  // namespace postern
