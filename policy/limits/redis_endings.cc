#include "policy/limits/redis_endings.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace postern {
namespace {

constexpr std::chrono::milliseconds kBeforeNextTry{50};

RedisOperation OperationOf(const RedisEnding& ending) {
  RedisOperation operation{.name = "cancel",
                           .now_us = ending.now_us,
                           .arguments = {ending.id},
                           .claims = ending.claims};
  if (ending.kind == RedisEnding::Kind::kCommit) {
    operation.name = "commit";
    operation.arguments.push_back(std::to_string(ending.reserved_at_us));
  }
  return operation;
}

}  // namespace

RedisEndings::RedisEndings(RedisCalls* calls) : calls_(calls) {
  teller_ = std::jthread([this](const std::stop_token& stop) { Tell(stop); });
}

RedisEndings::~RedisEndings() {
  teller_.request_stop();
  teller_.join();
}

void RedisEndings::Add(RedisEnding ending) {
  bool drops_first = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) {
      waiting_.pop_front();
      drops_first = !std::exchange(has_dropped_, true);
    }
    waiting_.push_back(std::move(ending));
  }
  changed_.notify_all();
  if (drops_first)
    spdlog::error("limits: {}: {} charges wait to be told, the oldest are lost",
                  calls_->config().server, kMostWaiting);
}

Result<void> RedisEndings::Flush(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const bool is_told = changed_.wait_until(
      lock, deadline, [this] { return waiting_.empty() && !is_telling_; });
  if (is_told) return {};
  return Fail(fmt::format("{}: {} charges could not be told",
                          calls_->config().server, waiting_.size()));
}

void RedisEndings::Tell(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(
                                            std::min(waiting_.size(), kBatch));
    const std::vector<RedisEnding> batch(
        std::make_move_iterator(waiting_.begin()),
        std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    is_telling_ = true;
    lock.unlock();
    const bool is_told = TellBatch(batch);
    lock.lock();
    is_telling_ = false;
    if (!is_told) {
      waiting_.insert(waiting_.begin(), batch.begin(), batch.end());
      changed_.wait_for(lock, stop, kBeforeNextTry, [] { return false; });
    } else {
      has_dropped_ = false;
    }
    changed_.notify_all();
    if (stop.stop_requested()) return;
  }
}

bool RedisEndings::TellBatch(const std::vector<RedisEnding>& batch) {
  std::vector<RedisOperation> operations;
  for (const RedisEnding& ending : batch)
    operations.push_back(OperationOf(ending));
  const auto replies = calls_->RunAll(operations, In(calls_->config().timeout));
  if (!replies) return false;
  bool is_told = true;
  for (std::size_t i = 0; i < batch.size(); ++i)
    is_told = IsDone(batch[i], (*replies)[i]) && is_told;
  return is_told;
}

bool RedisEndings::IsDone(const RedisEnding& ending, const RedisReply& reply) {
  if (RedisCalls::NeedsConversion(reply)) {
    const auto done =
        calls_->Run(OperationOf(ending), In(calls_->config().timeout));
    return done || done.error().kind == RedisFault::Kind::kRefused;
  }
  if (reply.kind != RedisReply::Kind::kError) return true;
  // These pass; anything else would be refused for ever.
  constexpr std::string_view kPassing[] = {
      "OOM",      "LOADING",     "READONLY", "MASTERDOWN", "BUSY",
      "NOSCRIPT", "CLUSTERDOWN", "MOVED",    "ASK",        "TRYAGAIN"};
  return std::ranges::none_of(kPassing, [&reply](std::string_view passing) {
    return reply.text.starts_with(passing);
  });
}

}  // namespace postern
