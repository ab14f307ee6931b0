// The socket side of a milter conversation. A packet is a length of four
// octets, a letter and its payload; a length of 0 or above 16 MiB is a failure.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/milter_wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace postern {
namespace {

constexpr std::size_t kFlushBytes = 64 * 1024;
constexpr std::uint32_t kPacketMaxBytes = 16 * 1024 * 1024;

std::unexpected<Error> FailErrno(const std::string& what) {
  return Fail(what + ": " + std::strerror(errno));
}

Result<int> DialUnix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return Fail("path too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return FailErrno("socket");
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) == 0) {
    return fd;
  }
  auto error = FailErrno("connect " + path);
  close(fd);
  return error;
}

Result<int> DialInet(const std::string& port_at_host) {
  const std::size_t at = port_at_host.find('@');
  if (at == port_at_host.npos) return Fail("not PORT@HOST: " + port_at_host);
  const std::string host = port_at_host.substr(at + 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::uint16_t port = 0;
  std::from_chars(port_at_host.data(), port_at_host.data() + at, port);
  address.sin_port = htons(port);
  const std::string numbers = host == "localhost" ? "127.0.0.1" : host;
  if (inet_pton(AF_INET, numbers.c_str(), &address.sin_addr) != 1) {
    return Fail("not an IPv4 address: " + host);
  }
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return FailErrno("socket");
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) == 0) {
    return fd;
  }
  auto error = FailErrno("connect " + port_at_host);
  close(fd);
  return error;
}

}  // namespace

Result<MilterWire> MilterWire::Dial(const std::string& where,
                                    std::chrono::milliseconds timeout) {
  Result<int> fd = Fail("not unix:PATH or inet:PORT@HOST: " + where);
  if (where.starts_with("unix:")) fd = DialUnix(where.substr(5));
  if (where.starts_with("inet:")) fd = DialInet(where.substr(5));
  if (!fd) return std::unexpected(fd.error());
  return MilterWire(*fd, timeout);
}

MilterWire::MilterWire(int fd, std::chrono::milliseconds timeout)
    : fd_(fd), timeout_(timeout) {}

MilterWire::MilterWire(MilterWire&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      timeout_(other.timeout_),
      outgoing_(std::move(other.outgoing_)),
      incoming_(std::move(other.incoming_)) {}

MilterWire& MilterWire::operator=(MilterWire&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(timeout_, other.timeout_);
  std::swap(outgoing_, other.outgoing_);
  std::swap(incoming_, other.incoming_);
  return *this;
}

MilterWire::~MilterWire() {
  if (fd_ < 0) return;
  static_cast<void>(Flush());
  close(fd_);
}

Result<void> MilterWire::Send(char letter, std::string_view payload) {
  const std::uint32_t size =
      htonl(static_cast<std::uint32_t>(payload.size() + 1));
  outgoing_.append(reinterpret_cast<const char*>(&size), sizeof size);
  outgoing_ += letter;
  outgoing_ += payload;
  if (outgoing_.size() < kFlushBytes) return {};
  return Flush();
}

Result<void> MilterWire::SendRaw(std::string_view bytes) {
  outgoing_ += bytes;
  return Flush();
}

Result<void> MilterWire::Flush() {
  std::size_t sent = 0;
  while (sent < outgoing_.size()) {
    const ssize_t n =
        send(fd_, outgoing_.data() + sent, outgoing_.size() - sent,
             MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (auto ready = Wait(POLLOUT); !ready) return ready;
      continue;
    }
    if (n < 0) {
      auto error = FailErrno("send");
      outgoing_.clear();
      return error;
    }
    sent += static_cast<std::size_t>(n);
  }
  outgoing_.clear();
  return {};
}

Result<void> MilterWire::Wait(short events) const {
  pollfd one{fd_, events, 0};
  const int n = poll(&one, 1, static_cast<int>(timeout_.count()));
  if (n < 0 && errno == EINTR) return {};
  if (n < 0) return FailErrno("poll");
  if (n == 0) return Fail("no answer in time");
  return {};
}

Result<void> MilterWire::Fill(std::size_t size) {
  while (incoming_.size() < size) {
    char buffer[16 * 1024];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      if (auto ready = Wait(POLLIN); !ready) return ready;
      continue;
    }
    if (n < 0) return FailErrno("receive");
    if (n == 0) return Fail("the filter closed the connection");
    incoming_.append(buffer, static_cast<std::size_t>(n));
  }
  return {};
}

Result<MilterPacket> MilterWire::Receive() {
  if (auto sent = Flush(); !sent) return std::unexpected(sent.error());
  if (auto got = Fill(4); !got) return std::unexpected(got.error());
  std::uint32_t size = 0;
  std::memcpy(&size, incoming_.data(), sizeof size);
  size = ntohl(size);
  if (size == 0 || size > kPacketMaxBytes) {
    return Fail("a packet of " + std::to_string(size) + " octets");
  }
  if (auto got = Fill(4 + size); !got) return std::unexpected(got.error());
  MilterPacket packet{incoming_[4], incoming_.substr(5, size - 1)};
  incoming_.erase(0, 4 + size);
  return packet;
}

void MilterWire::FinishSending() {
  static_cast<void>(Flush());
  shutdown(fd_, SHUT_WR);
}

}  // namespace postern
