// RedisServer: a real redis-server on a unix socket in a scratch folder of its
// own. Ended by its id.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "policy/base/result.h"
#include "policy/config/limits.h"
#include "policy/limits/redis_connection.h"
#include "tests/support/scratch_directory.h"

namespace postern {

class RedisServer {
 public:
  // Starts it and waits until it answers; a start that fails fails the test.
  explicit RedisServer(std::vector<std::string> options = {});
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer();

  // False: the program is not installed.
  [[nodiscard]] static bool IsThere();
  [[nodiscard]] RedisConfig Config() const;
  [[nodiscard]] std::string folder() const { return folder_.name(); }

  void Kill();    // as a crash
  void Start();   // again, without what it knew
  void Freeze();  // it listens and says nothing
  void Thaw();
  // What it replies; asked anew, as whoever may do all.
  RedisReply Ask(const RedisCommand& command) const;

 private:
  ScratchDirectory folder_;
  std::vector<std::string> options_;
  pid_t pid_ = -1;
};

}  // namespace postern
