#include "milter/smtp_connection.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "policy/base/call_free.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxLineBytes = 2000;
constexpr std::size_t kMaxLines = 100;

using Addresses = std::unique_ptr<addrinfo, CallFree<freeaddrinfo>>;

std::string Reason() {
  const bool is_timeout = errno == EAGAIN || errno == EINPROGRESS;
  return is_timeout ? "timed out" : std::strerror(errno);
}

Result<Addresses> LookUp(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (failure != 0) return Fail(gai_strerror(failure));
  return Addresses(found);
}

// Linux lets SO_SNDTIMEO bound connect() too.
void SetTimeout(int socket, std::chrono::seconds timeout) {
  const timeval wait{.tv_sec = timeout.count(), .tv_usec = 0};
  (void)setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  (void)setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
}

// The code of a reply line, with what follows: "-" or " " (RFC 5321 s.4.2).
std::optional<int> CodeOf(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !IsDigit(line[1]) ||
      !IsDigit(line[2]))
    return std::nullopt;
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return std::nullopt;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

}  // namespace

std::string ServerReply::ToString() const {
  return EscapeForLog(fmt::format("{} {}", code, Join(lines, " ")), 500);
}

Result<SmtpConnection> SmtpConnection::Open(const std::string& host,
                                            const std::string& port,
                                            std::chrono::seconds timeout) {
  const Result<Addresses> addresses = LookUp(host, port);
  if (!addresses) return std::unexpected(addresses.error());
  std::string reason = "no address";
  for (const addrinfo* a = addresses->get(); a != nullptr; a = a->ai_next) {
    FileDescriptor opened(
        socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol));
    if (opened.is_open()) {
      SetTimeout(opened.get(), timeout);
      if (connect(opened.get(), a->ai_addr, a->ai_addrlen) == 0)
        return SmtpConnection(std::move(opened));
    }
    reason = Reason();
  }
  return Fail(std::move(reason));
}

Result<void> SmtpConnection::Write(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t taken =
        send(socket_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return Fail(Reason());
    octets.remove_prefix(static_cast<std::size_t>(taken));
  }
  return {};
}

Result<std::string> SmtpConnection::ReadLine() {
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos && end <= kMaxLineBytes) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    if (unread_.size() > kMaxLineBytes) return Fail("a reply that is too long");
    std::array<char, 2048> buffer;
    const ssize_t taken = recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return Fail(Reason());
    if (taken == 0) return Fail("the connection was closed");
    unread_.append(buffer.data(), static_cast<std::size_t>(taken));
  }
}

Result<ServerReply> SmtpConnection::Read() {
  ServerReply reply;
  for (;;) {
    const Result<std::string> line = ReadLine();
    if (!line) return std::unexpected(line.error());
    const std::optional<int> code = CodeOf(*line);
    if (!code || (reply.code != 0 && reply.code != *code) ||
        reply.lines.size() == kMaxLines)
      return Fail("no SMTP reply: " + EscapeForLog(*line));
    reply.code = *code;
    reply.lines.push_back(line->size() > 4 ? line->substr(4) : std::string());
    if (line->size() == 3 || (*line)[3] == ' ') return reply;
  }
}

Result<ServerReply> SmtpConnection::Say(std::string_view line) {
  const Result<void> written = Write(std::string(line) + "\r\n");
  if (!written) return std::unexpected(written.error());
  return Read();
}

}  // namespace postern
