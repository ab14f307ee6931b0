// RedisStream: octets to and from a Redis server, by unix socket or TCP, in the
// clear or in TLS. The wrapper of OpenSSL's TLS.
//
// Waits awake for a moment for a server on a unix socket, else asleep. No wait
// is longer than its deadline. After an error the stream is of no use.
// Belongs to one thread at a time. An Error does not name the server.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/file_descriptor.h"
#include "policy/base/result.h"
#include "policy/config/limits.h"

namespace postern {

class RedisStream {
 public:
  // The server's certificate must be of the CA and name the server's address.
  [[nodiscard]] static Result<std::unique_ptr<RedisStream>> Open(
      const RedisConfig& config, Deadline deadline);
  RedisStream(const RedisStream&) = delete;
  RedisStream& operator=(const RedisStream&) = delete;
  ~RedisStream();

  [[nodiscard]] Result<void> Write(std::string_view octets, Deadline deadline);
  // At least one octet; an end of the stream is an error.
  [[nodiscard]] Result<std::size_t> Read(std::span<char> place,
                                         Deadline deadline);

 private:
  struct Tls;

  RedisStream();
  [[nodiscard]] Result<void> Connect(const RedisConfig& config,
                                     Deadline deadline);
  [[nodiscard]] Result<void> ConnectTo(int family, const void* address,
                                       unsigned size, Deadline deadline);
  [[nodiscard]] Result<void> StartTls(const RedisConfig& config,
                                      Deadline deadline);
  [[nodiscard]] Result<void> WaitFor(short events, Deadline deadline) const;
  [[nodiscard]] Result<void> SendRaw(std::string_view octets,
                                     Deadline deadline);
  [[nodiscard]] Result<std::size_t> ReceiveRaw(std::span<char> place,
                                               Deadline deadline);
  // Sends what TLS has to say, and feeds it what comes.
  [[nodiscard]] Result<void> FlushTls(Deadline deadline);
  [[nodiscard]] Result<void> AdvanceTls(int status, Deadline deadline);

  FileDescriptor fd_;
  bool is_local_ = false;
  std::unique_ptr<Tls> tls_;  // null: in the clear
};

}  // namespace postern
