#include "policy/limits/redis_pool.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <spdlog/spdlog.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::chrono::milliseconds kFirstBackOff{50};
constexpr std::chrono::milliseconds kLongestBackOff{5'000};
// To connect, log in and send the script takes longer than one question.
constexpr int kTimeoutsToConnect = 5;

// The value of a line "name:value" of INFO.
std::string_view LineOf(std::string_view info, std::string_view name) {
  for (const std::string_view line : Split(info, '\n'))
    if (line.starts_with(name)) return Trim(line.substr(name.size()));
  return {};
}

}  // namespace

RedisPool::RedisPool(const RedisConfig& config)
    : config_(config),
      server_(config.server),
      next_try_(std::chrono::steady_clock::now()) {
  connector_ = std::jthread(
      [this](const std::stop_token& stop) { KeepConnected(stop); });
}

RedisPool::~RedisPool() {
  connector_.request_stop();
  connector_.join();
}

Result<std::unique_ptr<RedisConnection>> RedisPool::Take(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const auto is_settled = [this] {
    return !idle_.empty() || (open_ == 0 && is_backing_off_);
  };
  if (!changed_.wait_until(lock, deadline, is_settled))
    return Fail(open_ > 0 ? config_.server + ": all connections are busy"
                          : failure_);
  if (idle_.empty()) return Fail(failure_);
  std::unique_ptr<RedisConnection> taken = std::move(idle_.back());
  idle_.pop_back();
  return taken;
}

void RedisPool::Return(std::unique_ptr<RedisConnection> connection) {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }
  changed_.notify_one();
}

void RedisPool::Drop(std::unique_ptr<RedisConnection> connection) {
  connection.reset();
  std::vector<std::unique_ptr<RedisConnection>> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped = std::exchange(idle_, {});
    open_ -= 1 + static_cast<int>(dropped.size());
  }
  changed_.notify_all();
  dropped_.notify_all();
}

void RedisPool::Follow(std::unique_ptr<RedisConnection> connection,
                       std::string server) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(told_node_, server) != server)
      spdlog::info("limits: {}: the cluster keeps them at {}", config_.server,
                   EscapeForLog(server));
    server_ = std::move(server);
  }
  Drop(std::move(connection));
}

void RedisPool::KeepConnected(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    if (open_ >= kConnections) {
      dropped_.wait(lock, stop, [this] { return open_ < kConnections; });
    } else if (std::chrono::steady_clock::now() < next_try_) {
      dropped_.wait_until(lock, stop, next_try_, [] { return false; });
    } else {
      Connect(&lock);
    }
  }
}

void RedisPool::Connect(std::unique_lock<std::mutex>* lock) {
  RedisConfig target = config_;
  target.server = server_;
  lock->unlock();
  auto connection =
      RedisConnection::Open(target, In(config_.timeout * kTimeoutsToConnect));
  if (connection && !has_warned_) WarnOfEviction(connection->get());
  lock->lock();
  is_backing_off_ = !connection;
  if (connection) {
    idle_.push_back(std::move(*connection));
    ++open_;
    back_off_ = {};
  } else {
    failure_ = connection.error().message;
    server_ = config_.server;
    back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
    // Jitter: those who share a server do not come back all at once.
    const auto most = static_cast<unsigned>(back_off_.count());
    next_try_ =
        In(back_off_ / 2 + std::chrono::milliseconds(random_() % most / 2));
  }
  lock->unlock();
  changed_.notify_all();
  lock->lock();
}

// A counter that is evicted is a limit that is forgotten.
void RedisPool::WarnOfEviction(RedisConnection* connection) {
  const auto memory = connection->Call({"INFO", "memory"}, In(config_.timeout));
  if (!memory) return;
  has_warned_ = true;
  const std::string_view policy = LineOf(memory->text, "maxmemory_policy:");
  const std::string_view most = LineOf(memory->text, "maxmemory:");
  if (policy.empty() || policy == "noeviction" || most == "0") return;
  spdlog::warn(
      "limits: {} evicts keys when its memory is full (maxmemory-policy {}), "
      "and with them what was counted; set noeviction",
      config_.server, EscapeForLog(policy));
}

}  // namespace postern
