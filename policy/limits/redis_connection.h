// RedisConnection: one connection to a Redis or Valkey, whose protocol hiredis
// writes and reads. The wrapper of hiredis.
//
// Belongs to one thread at a time. After an Error the connection is of no use;
// what the server refuses is a reply of kind kError and does not harm it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/config/limits.h"
#include "policy/limits/redis_stream.h"

namespace postern {

struct RedisReply {
  enum class Kind { kNil, kInteger, kText, kArray, kError };
  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  // of an error too
  std::vector<RedisReply> elements;
};

using RedisCommand = std::vector<std::string_view>;

class RedisConnection {
 public:
  // Connects, logs in and chooses the database. The Error names the server and
  // what to do: one that is older than Redis 6, or a replica, is refused.
  [[nodiscard]] static Result<std::unique_ptr<RedisConnection>> Open(
      const RedisConfig& config, Deadline deadline);
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;
  ~RedisConnection();

  [[nodiscard]] Result<RedisReply> Call(const RedisCommand& command,
                                        Deadline deadline);
  // All commands in one round trip; as many replies.
  [[nodiscard]] Result<std::vector<RedisReply>> Call(
      std::span<const RedisCommand> commands, Deadline deadline);
  // Runs a script once for each of the arguments, in one round trip; sends its
  // text when the server does not know it (any more).
  [[nodiscard]] Result<std::vector<RedisReply>> Run(
      std::string_view script, std::span<const RedisCommand> arguments,
      Deadline deadline);

 private:
  struct Reader;

  RedisConnection(std::string server, std::unique_ptr<RedisStream> stream);
  [[nodiscard]] Result<void> Greet(const RedisConfig& config,
                                   Deadline deadline);
  [[nodiscard]] Result<RedisReply> Receive(Deadline deadline);
  [[nodiscard]] Result<void> Load(std::string_view script, Deadline deadline);
  [[nodiscard]] std::unexpected<Error> Broken(std::string_view why) const;

  std::string server_;
  std::unique_ptr<RedisStream> stream_;
  std::unique_ptr<Reader> reader_;
  std::string digest_;  // of the script that the server knows; empty: none
};

// The first line of redis.password_file, else the environment's
// POSTERN_REDIS_PASSWORD; empty: there is none.
[[nodiscard]] Result<std::string> RedisPassword(const RedisConfig& config);

}  // namespace postern
