#include "milter/admin_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace postern {
namespace {

constexpr std::size_t kMostRequestBytes = 256 * 1024;
constexpr std::size_t kMostAnswerBytes = 64 * 1024 * 1024;
constexpr std::chrono::seconds kPatience{5};  // of the daemon with a client
constexpr std::chrono::seconds kDeskPatience{60};
constexpr std::chrono::milliseconds kLook{200};

using SteadyClock = std::chrono::steady_clock;

Result<sockaddr_un> AddressOf(const std::string& file) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (file.size() >= sizeof address.sun_path)
    return Fail(
        fmt::format("{}: the name is too long for a socket: at most {} "
                    "octets; shorten state_directory",
                    file, sizeof address.sun_path - 1));
  std::copy(file.begin(), file.end(), address.sun_path);
  return address;
}

std::unexpected<Error> Failure(const std::string& file) {
  return Fail(fmt::format("{}: {}", file, std::strerror(errno)));
}

FileDescriptor NewSocket() {
  return FileDescriptor(
      socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Connected, or why not in errno.
bool Connect(const FileDescriptor& client, const sockaddr_un& address) {
  return connect(client.get(), reinterpret_cast<const sockaddr*>(&address),
                 sizeof address) == 0;
}

bool IsReady(int fd, short events, SteadyClock::time_point deadline) {
  pollfd polled{.fd = fd, .events = events, .revents = 0};
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - SteadyClock::now());
  return left.count() > 0 &&
         poll(&polled, 1, static_cast<int>(left.count())) == 1;
}

// One line, without its end.
Result<std::string> ReadLine(int fd, std::size_t most,
                             std::chrono::seconds patience) {
  const auto deadline = SteadyClock::now() + patience;
  std::string line;
  std::array<char, 16 * 1024> buffer{};
  while (line.size() <= most) {
    if (!IsReady(fd, POLLIN, deadline)) return Fail("no line came in time");
    const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) return Fail("the other side has gone away");
    line.append(buffer.data(), static_cast<std::size_t>(size));
    if (const std::size_t end = line.find('\n', line.size() - size);
        end != std::string::npos)
      return line.substr(0, end);
  }
  return Fail("the line is too long");
}

Result<void> SendLine(int fd, std::string line, std::chrono::seconds patience) {
  const auto deadline = SteadyClock::now() + patience;
  line += '\n';
  for (std::string_view rest = line; !rest.empty();) {
    if (!IsReady(fd, POLLOUT, deadline)) return Fail("it was not read in time");
    const ssize_t size = send(fd, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size < 0) return Fail(std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<AdminSocket>> AdminSocket::Open(const std::string& file,
                                                       Answerer answerer) {
  const Result<sockaddr_un> address = AddressOf(file);
  if (!address) return std::unexpected(address.error());
  if (const FileDescriptor probe = NewSocket(); Connect(probe, *address))
    return Fail(file + ": another Postern listens here");
  if (unlink(file.c_str()) != 0 && errno != ENOENT) return Failure(file);
  FileDescriptor listener = NewSocket();
  // The mode before anybody can connect.
  if (!listener.is_open() || fchmod(listener.get(), 0600) != 0 ||
      bind(listener.get(), reinterpret_cast<const sockaddr*>(&*address),
           sizeof *address) != 0 ||
      chmod(file.c_str(), 0600) != 0 || listen(listener.get(), 16) != 0)
    return Failure(file);
  return std::unique_ptr<AdminSocket>(
      new AdminSocket(file, std::move(listener), std::move(answerer)));
}

AdminSocket::AdminSocket(std::string file, FileDescriptor listener,
                         Answerer answerer)
    : file_(std::move(file)),
      listener_(std::move(listener)),
      answerer_(std::move(answerer)),
      thread_([this](const std::stop_token& stop) { Serve(stop); }) {}

AdminSocket::~AdminSocket() {
  thread_.request_stop();
  thread_.join();
  unlink(file_.c_str());
}

void AdminSocket::Serve(const std::stop_token& stop) const {
  while (!stop.stop_requested()) {
    if (!IsReady(listener_.get(), POLLIN, SteadyClock::now() + kLook)) continue;
    const FileDescriptor client(accept4(listener_.get(), nullptr, nullptr,
                                        SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client.is_open()) {
      // Out of descriptors: the client stays in the queue.
      std::this_thread::sleep_for(kLook);
      continue;
    }
    try {
      Answer(client);
    } catch (const std::exception& error) {
      spdlog::error("{}: {}", file_, error.what());
    }
  }
}

void AdminSocket::Answer(const FileDescriptor& client) const {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(client.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
    return;
  const Result<std::string> request =
      ReadLine(client.get(), kMostRequestBytes, kPatience);
  if (!request) return;
  const Result<void> sent =
      SendLine(client.get(), answerer_(*request, peer.uid), kPatience);
  if (!sent) spdlog::warn("{}: {}", file_, sent.error().message);
}

Result<std::optional<std::string>> AskDaemon(const std::string& file,
                                             const std::string& request) {
  const Result<sockaddr_un> address = AddressOf(file);
  if (!address) return std::unexpected(address.error());
  const FileDescriptor client = NewSocket();
  if (!client.is_open()) return Failure(file);
  if (!Connect(client, *address)) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::nullopt;
    return Failure(file);
  }
  const Result<void> sent = SendLine(client.get(), request, kDeskPatience);
  if (!sent) return Fail(file + ": " + sent.error().message);
  Result<std::string> answer =
      ReadLine(client.get(), kMostAnswerBytes, kDeskPatience);
  if (!answer) return Fail(file + ": " + answer.error().message);
  return std::move(*answer);
}

}  // namespace postern
