#include "policy/facts/stream_exchange.h"

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "policy/base/call_free.h"
#include "policy/base/file_descriptor.h"

namespace postern {
namespace {

constexpr std::size_t kMostAnswer = std::size_t{1} << 20;

using Addresses = std::unique_ptr<addrinfo, CallFree<freeaddrinfo>>;

Error Wrong(std::string_view what) {
  return {std::string(what) + ": " + std::strerror(errno)};
}

// What it is ready for; 0: the deadline has passed first.
short Wait(int socket, int events, Deadline deadline) {
  for (;;) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (rest.count() <= 0) return 0;
    pollfd poll_for{
        .fd = socket, .events = static_cast<short>(events), .revents = 0};
    const int ready =
        poll(&poll_for, 1,
             static_cast<int>(std::min<std::int64_t>(rest.count(), 60'000)));
    if (ready > 0) return poll_for.revents;
    if (ready < 0 && errno != EINTR) return 0;
  }
}

Result<FileDescriptor> Connect(int family, const sockaddr* to, socklen_t size,
                               Deadline deadline) {
  FileDescriptor opened(
      socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!opened.is_open()) return std::unexpected(Wrong("socket"));
  if (connect(opened.get(), to, size) == 0) return opened;
  if (errno != EINPROGRESS) return std::unexpected(Wrong("connect"));
  if (Wait(opened.get(), POLLOUT, deadline) == 0)
    return Fail("connect: timed out");
  int failure = 0;
  socklen_t length = sizeof failure;
  (void)getsockopt(opened.get(), SOL_SOCKET, SO_ERROR, &failure, &length);
  errno = failure;
  if (failure != 0) return std::unexpected(Wrong("connect"));
  return opened;
}

Result<FileDescriptor> ConnectUnix(const std::string& path, Deadline deadline) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  if (path.size() >= sizeof to.sun_path) return Fail("connect: path too long");
  std::copy(path.begin(), path.end(), to.sun_path);
  return Connect(AF_UNIX, reinterpret_cast<const sockaddr*>(&to), sizeof to,
                 deadline);
}

Result<FileDescriptor> ConnectTo(const std::string& address,
                                 Deadline deadline) {
  if (address.starts_with("unix:"))
    return ConnectUnix(address.substr(5), deadline);
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return Fail("connect: no port");
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), address.c_str() + colon + 1, &hints, &found) !=
      0)
    return Fail("connect: not an address");
  const Addresses addresses(found);
  return Connect(found->ai_family, found->ai_addr, found->ai_addrlen, deadline);
}

}  // namespace

Result<StreamConnection> StreamConnection::Open(const std::string& address,
                                                Deadline deadline) {
  Result<FileDescriptor> opened = ConnectTo(address, deadline);
  if (!opened) return std::unexpected(opened.error());
  return StreamConnection(std::move(*opened), deadline);
}

Result<StreamConnection::Written> StreamConnection::Write(
    std::string_view octets) const {
  while (!octets.empty()) {
    const short ready = Wait(socket_.get(), POLLOUT | POLLIN, deadline_);
    if (ready == 0) return Fail("write: timed out");
    if ((ready & (POLLIN | POLLHUP | POLLERR)) != 0)
      return Written::kInterrupted;
    const ssize_t taken =
        send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (taken >= 0) {
      octets.remove_prefix(static_cast<std::size_t>(taken));
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return Written::kInterrupted;
    } else if (errno != EAGAIN && errno != EINTR) {
      return std::unexpected(Wrong("write"));
    }
  }
  return Written::kAll;
}

Result<std::string> StreamConnection::Read(std::size_t most_octets,
                                           std::optional<char> last) const {
  std::string answer;
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    if (Wait(socket_.get(), POLLIN, deadline_) == 0)
      return Fail("read: timed out");
    const ssize_t taken = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (taken == 0) return answer;
    if (taken < 0 && errno != EINTR && errno != EAGAIN)
      return std::unexpected(Wrong("read"));
    const std::string_view got(
        buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(taken, 0)));
    const std::size_t end = last ? got.find(*last) : got.npos;
    answer += got.substr(0, end);
    if (answer.size() > most_octets)
      return Fail("read: over " + std::to_string(most_octets) + " octets");
    if (end != got.npos) return answer;
  }
}

Result<std::string> Exchange(const std::string& address,
                             std::string_view request, Deadline deadline) {
  const Result<StreamConnection> connection =
      StreamConnection::Open(address, deadline);
  if (!connection) return std::unexpected(connection.error());
  // Who answers before he has read all may have said what counts.
  const auto written = connection->Write(request);
  if (!written) return std::unexpected(written.error());
  return connection->Read(kMostAnswer);
}

}  // namespace postern
