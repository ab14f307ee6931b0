// RedisPool: a few connections to one Redis, which threads take in turns.
//
// A thread of its own connects, and after a failure again and again, with a
// back-off and jitter; whoever takes never waits for that longer than his
// deadline, and not at all while the server is known to be gone. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/limits/redis_connection.h"

namespace postern {

class RedisPool {
 public:
  explicit RedisPool(const RedisConfig& config);
  RedisPool(const RedisPool&) = delete;
  RedisPool& operator=(const RedisPool&) = delete;
  ~RedisPool();

  // An Error says why there is no connection.
  [[nodiscard]] Result<std::unique_ptr<RedisConnection>> Take(
      Deadline deadline);
  void Return(std::unique_ptr<RedisConnection> connection);
  // It is broken, and so are those that idle probably: they go as well.
  void Drop(std::unique_ptr<RedisConnection> connection);
  // It said that another node of its cluster has the keys: that one is asked
  // from now on, until it cannot be reached.
  void Follow(std::unique_ptr<RedisConnection> connection, std::string server);

 private:
  static constexpr int kConnections = 4;

  void KeepConnected(const std::stop_token& stop);
  void Connect(std::unique_lock<std::mutex>* lock);
  void WarnOfEviction(RedisConnection* connection);

  const RedisConfig config_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::condition_variable_any dropped_;  // for the connector alone
  std::vector<std::unique_ptr<RedisConnection>> idle_;
  int open_ = 0;           // idle or taken
  std::string server_;     // to connect to
  std::string told_node_;  // the last that the log was told of
  std::string failure_ = "not connected yet";
  bool is_backing_off_ = false;
  std::chrono::milliseconds back_off_{0};
  Deadline next_try_;
  bool has_warned_ = false;  // the connector's own
  std::minstd_rand random_{std::random_device()()};
  std::jthread connector_;
};

}  // namespace postern
