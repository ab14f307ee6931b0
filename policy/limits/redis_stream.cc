#include "policy/limits/redis_stream.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "policy/base/call_free.h"

namespace postern {
namespace {

using SslContext = std::unique_ptr<SSL_CTX, CallFree<SSL_CTX_free>>;

std::string LastTlsError() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "the server closed the connection";
  const char* reason = ERR_reason_error_string(code);
  return reason != nullptr ? reason : "unknown error";
}

// "127.0.0.1:6379", "[::1]:6379"
struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};
HostAndPort SplitServer(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  std::string_view host = server.substr(0, colon);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  HostAndPort split{std::string(host), 0};
  if (colon != server.npos) {
    const std::string_view port = server.substr(colon + 1);
    std::from_chars(port.data(), port.data() + port.size(), split.port);
  }
  return split;
}

Result<SslContext> MakeContext(const RedisConfig& config) {
  SslContext context(SSL_CTX_new(TLS_client_method()));
  if (!context) return Fail("TLS: " + LastTlsError());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const int trusted = config.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context.get())
                          : SSL_CTX_load_verify_locations(
                                context.get(), config.ca_file.c_str(), nullptr);
  if (trusted != 1)
    return Fail(
        fmt::format("redis.ca_file {}: {}", config.ca_file, LastTlsError()));
  if (config.certificate_file.empty()) return context;
  if (SSL_CTX_use_certificate_chain_file(context.get(),
                                         config.certificate_file.c_str()) != 1)
    return Fail(fmt::format("redis.certificate_file {}: {}",
                            config.certificate_file, LastTlsError()));
  if (SSL_CTX_use_PrivateKey_file(context.get(), config.key_file.c_str(),
                                  SSL_FILETYPE_PEM) != 1)
    return Fail(
        fmt::format("redis.key_file {}: {}", config.key_file, LastTlsError()));
  return context;
}

}  // namespace

// TLS speaks to memory; the octets are carried by the stream, which keeps the
// deadlines and raises no SIGPIPE.
struct RedisStream::Tls {
  SslContext context;
  std::unique_ptr<SSL, CallFree<SSL_free>> ssl;
  BIO* incoming = nullptr;  // the SSL's
  BIO* outgoing = nullptr;
};

RedisStream::RedisStream() = default;
RedisStream::~RedisStream() = default;

Result<std::unique_ptr<RedisStream>> RedisStream::Open(
    const RedisConfig& config, Deadline deadline) {
  std::unique_ptr<RedisStream> stream(new RedisStream);
  Result<void> ready = stream->Connect(config, deadline);
  if (ready && config.tls) ready = stream->StartTls(config, deadline);
  if (!ready) return std::unexpected(ready.error());
  return stream;
}

Result<void> RedisStream::Connect(const RedisConfig& config,
                                  Deadline deadline) {
  constexpr std::string_view kUnix = "unix:";
  if (config.server.starts_with(kUnix)) {
    const std::string path = config.server.substr(kUnix.size());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    is_local_ = true;
    if (path.size() >= sizeof address.sun_path)
      return Fail("the path of the socket is too long");
    path.copy(address.sun_path, path.size());
    return ConnectTo(AF_UNIX, &address, sizeof address, deadline);
  }
  const HostAndPort server = SplitServer(config.server);
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(server.port);
  if (inet_pton(AF_INET, server.host.c_str(), &v4.sin_addr) == 1)
    return ConnectTo(AF_INET, &v4, sizeof v4, deadline);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(server.port);
  if (inet_pton(AF_INET6, server.host.c_str(), &v6.sin6_addr) == 1)
    return ConnectTo(AF_INET6, &v6, sizeof v6, deadline);
  return Fail("neither unix:/PATH nor an address and a port");
}

Result<void> RedisStream::ConnectTo(int family, const void* address,
                                    unsigned size, Deadline deadline) {
  fd_.reset(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd_.is_open()) return Fail(std::strerror(errno));
  if (family != AF_UNIX) {
    const int on = 1;
    setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd_.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  }
  if (connect(fd_.get(), static_cast<const sockaddr*>(address), size) == 0)
    return {};
  if (errno != EINPROGRESS) return Fail(std::strerror(errno));
  Result<void> ready = WaitFor(POLLOUT, deadline);
  if (!ready) return ready;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return Fail(std::strerror(error));
  return {};
}

Result<void> RedisStream::StartTls(const RedisConfig& config,
                                   Deadline deadline) {
  Result<SslContext> context = MakeContext(config);
  if (!context) return std::unexpected(context.error());
  tls_ = std::make_unique<Tls>();
  tls_->context = std::move(*context);
  tls_->ssl.reset(SSL_new(tls_->context.get()));
  tls_->incoming = BIO_new(BIO_s_mem());
  tls_->outgoing = BIO_new(BIO_s_mem());
  if (!tls_->ssl || tls_->incoming == nullptr || tls_->outgoing == nullptr)
    return Fail("TLS: " + LastTlsError());
  SSL* ssl = tls_->ssl.get();
  SSL_set_bio(ssl, tls_->incoming, tls_->outgoing);  // they are its own now
  const std::string host = SplitServer(config.server).host;
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) != 1)
    return Fail("TLS: redis.server has no address to verify");
  for (;;) {
    const int status = SSL_connect(ssl);
    if (status == 1) return FlushTls(deadline);
    Result<void> advanced = AdvanceTls(status, deadline);
    if (advanced) continue;
    const long verified = SSL_get_verify_result(ssl);
    if (verified == X509_V_OK) return advanced;
    return Fail(fmt::format("TLS: the certificate does not verify: {}",
                            X509_verify_cert_error_string(verified)));
  }
}

Result<void> RedisStream::WaitFor(short events, Deadline deadline) const {
  pollfd entry{fd_.get(), events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return Fail("no answer in time");
    const int count = poll(&entry, 1, static_cast<int>(left.count()));
    if (count > 0) return {};
    if (count < 0 && errno != EINTR) return Fail(std::strerror(errno));
  }
}

Result<void> RedisStream::SendRaw(std::string_view octets, Deadline deadline) {
  while (!octets.empty()) {
    const ssize_t sent =
        send(fd_.get(), octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      octets.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return Fail(std::strerror(errno));
    Result<void> ready = WaitFor(POLLOUT, deadline);
    if (!ready) return ready;
  }
  return {};
}

Result<std::size_t> RedisStream::ReceiveRaw(std::span<char> place,
                                            Deadline deadline) {
  // To sleep and be woken takes longer than a server on this host.
  constexpr std::chrono::microseconds kAwake{100};
  const auto asleep_at =
      std::chrono::steady_clock::now() + (is_local_ ? kAwake : kAwake * 0);
  for (;;) {
    const ssize_t count = recv(fd_.get(), place.data(), place.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) return Fail("the server closed the connection");
    if (errno != EAGAIN && errno != EINTR) return Fail(std::strerror(errno));
    if (std::chrono::steady_clock::now() < asleep_at) {
      sched_yield();  // whoever has work goes first
      continue;
    }
    const Result<void> ready = WaitFor(POLLIN, deadline);
    if (!ready) return std::unexpected(ready.error());
  }
}

Result<void> RedisStream::FlushTls(Deadline deadline) {
  std::array<char, 16 * 1024> piece{};
  for (;;) {
    const int count =
        BIO_read(tls_->outgoing, piece.data(), static_cast<int>(piece.size()));
    if (count <= 0) return {};
    Result<void> sent =
        SendRaw({piece.data(), static_cast<std::size_t>(count)}, deadline);
    if (!sent) return sent;
  }
}

Result<void> RedisStream::AdvanceTls(int status, Deadline deadline) {
  const int wanted = SSL_get_error(tls_->ssl.get(), status);
  Result<void> flushed = FlushTls(deadline);
  if (wanted == SSL_ERROR_WANT_WRITE || !flushed) return flushed;
  if (wanted != SSL_ERROR_WANT_READ) return Fail("TLS: " + LastTlsError());
  std::array<char, 16 * 1024> piece{};
  const Result<std::size_t> got = ReceiveRaw(piece, deadline);
  if (!got) return std::unexpected(got.error());
  BIO_write(tls_->incoming, piece.data(), static_cast<int>(*got));
  return {};
}

Result<void> RedisStream::Write(std::string_view octets, Deadline deadline) {
  if (!tls_) return SendRaw(octets, deadline);
  while (!octets.empty()) {
    std::size_t written = 0;
    const int status =
        SSL_write_ex(tls_->ssl.get(), octets.data(), octets.size(), &written);
    if (status == 1) {
      octets.remove_prefix(written);
      continue;
    }
    Result<void> advanced = AdvanceTls(status, deadline);
    if (!advanced) return advanced;
  }
  return FlushTls(deadline);
}

Result<std::size_t> RedisStream::Read(std::span<char> place,
                                      Deadline deadline) {
  if (!tls_) return ReceiveRaw(place, deadline);
  for (;;) {
    std::size_t got = 0;
    const int status =
        SSL_read_ex(tls_->ssl.get(), place.data(), place.size(), &got);
    if (status == 1) return got;
    const Result<void> advanced = AdvanceTls(status, deadline);
    if (!advanced) return std::unexpected(advanced.error());
  }
}

}  // namespace postern
