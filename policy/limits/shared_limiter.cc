#include "policy/limits/shared_limiter.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "policy/limits/redis_connection.h"

namespace postern {
namespace {

// When to come back to a limit that is closed meanwhile.
constexpr std::chrono::minutes kClosedRetry{1};
// The server answers again when nothing has failed for so long: a server that
// fails now and then is told of once.
constexpr std::chrono::seconds kSettled{5};

// Admitted without the server: by a count of our own, or by none.
class Unshared final : public Reservation {
 public:
  Unshared(std::shared_ptr<Reservation> local,
           std::shared_ptr<Reservation> later)
      : local_(std::move(local)), later_(std::move(later)) {}
  Unshared(const Unshared&) = delete;
  Unshared& operator=(const Unshared&) = delete;
  ~Unshared() override = default;
  void Commit() override {
    if (local_) local_->Commit();
    if (later_) later_->Commit();
  }

 private:
  std::shared_ptr<Reservation> local_, later_;
};

}  // namespace

Result<std::unique_ptr<SharedLimiter>> SharedLimiter::Open(
    const RedisConfig& config, const Clock& clock, RedisTime time) {
  const Result<std::string> password = RedisPassword(config);
  if (!password) return std::unexpected(password.error());
  Result<std::unique_ptr<Limiter>> local = Limiter::Open("", clock);
  if (!local) return std::unexpected(local.error());
  return std::unique_ptr<SharedLimiter>(
      new SharedLimiter(config, clock, time, std::move(*local)));
}

SharedLimiter::SharedLimiter(const RedisConfig& config, const Clock& clock,
                             RedisTime time, std::unique_ptr<Limiter> local)
    : server_(config.server),
      clock_(clock),
      counters_(config, clock, time),
      local_(std::move(local)) {}

Limiter::Answer SharedLimiter::Reserve(std::span<const LimitCharge> charges) {
  if (charges.empty())
    return {.reservation = std::make_shared<Unshared>(nullptr, nullptr)};
  Result<Answer> answer = counters_.Reserve(charges);
  if (answer) {
    TellAnswered();
    return std::move(*answer);
  }
  TellFailed(answer.error().message);
  return ReserveWithout(charges);
}

Limiter::Answer SharedLimiter::ReserveWithout(
    std::span<const LimitCharge> charges) {
  Answer answer;
  std::vector<LimitCharge> local;
  for (const LimitCharge& charge : charges) {
    if (charge.rule->store_down == LimitStoreDown::kLocal) {
      local.push_back(charge);
      continue;
    }
    answer.unavailable.push_back(charge.rule);
    const auto rates = charge.rates_in_force();
    const bool is_closed = charge.rule->store_down == LimitStoreDown::kClosed;
    if (is_closed && !rates.empty() && !answer.overrun)
      answer.overrun = {.rule = charge.rule->name,
                        .key = charge.key,
                        .rate = rates.front(),
                        .retry_at = clock_.Now() + kClosedRetry,
                        .store_is_down = true};
  }
  if (answer.overrun) return answer;
  if (local.empty()) {
    answer.reservation = std::make_shared<Unshared>(nullptr, nullptr);
    return answer;
  }
  Answer counted = local_->Reserve(local);
  answer.overrun = std::move(counted.overrun);
  answer.warnings = std::move(counted.warnings);
  if (counted.reservation)
    answer.reservation = std::make_shared<Unshared>(
        std::move(counted.reservation), counters_.ReserveLater(local));
  return answer;
}

Result<void> SharedLimiter::Flush() { return counters_.Flush(); }

Result<std::vector<LimitUse>> SharedLimiter::Show(const UseFilter& filter) {
  return counters_.Show(filter);
}

Result<void> SharedLimiter::Grant(const LimitGrant& grant) {
  return counters_.Grant(grant);
}

Result<bool> SharedLimiter::Clear(const std::string& rule,
                                  const std::string& key) {
  return counters_.Clear(rule, key);
}

SharedLimiter::State SharedLimiter::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

void SharedLimiter::TellAnswered() {
  const std::lock_guard lock(mutex_);
  if (state_.answers ||
      std::chrono::steady_clock::now() - last_failure_ < kSettled)
    return;
  state_.answers = true;
  spdlog::info("limits: {} answers again; {} were counted without it", server_,
               state_.unanswered);
}

void SharedLimiter::TellFailed(const std::string& failure) {
  const std::lock_guard lock(mutex_);
  state_.failure = failure;
  ++state_.unanswered;
  last_failure_ = std::chrono::steady_clock::now();
  if (!std::exchange(state_.answers, false)) return;
  spdlog::error(
      "limits: the shared counters do not answer, each limit does what its "
      "store_down says: {}",
      failure);
}

std::vector<Limiter::Statement> SharedLimiter::Status() {
  const State now = state();
  std::vector<Statement> statements = {
      {"store", server_},
      {"answers", now.answers ? "yes" : "no"},
      {"last_failure", now.failure.empty() ? "-" : now.failure},
      {"unanswered", std::to_string(now.unanswered)}};
  const auto size = counters_.AskSize();
  statements.push_back(
      {"redis_keys", size ? std::to_string(size->keys) : "not known"});
  statements.push_back({"redis_memory", size ? size->memory : "not known"});
  return statements;
}

}  // namespace postern
