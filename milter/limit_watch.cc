#include "milter/limit_watch.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "policy/base/text.h"
#include "policy/config/values.h"

namespace postern {
namespace {

constexpr std::size_t kMostRemembered = 1'000;
constexpr std::size_t kMostKeyBytes = 512;  // of a key that is remembered

}  // namespace

LimitWatch::LimitWatch(std::unique_ptr<Limiter> limiter, const Clock& clock,
                       OnWarning on_warning)
    : limiter_(std::move(limiter)),
      clock_(clock),
      on_warning_(std::move(on_warning)) {}

Limiter::Answer LimitWatch::Reserve(std::span<const LimitCharge> charges) {
  Answer answer = limiter_->Reserve(charges);
  for (const LimitWarning& warning : answer.warnings) Tell(warning);
  if (answer.overrun) Remember(*answer.overrun);
  return answer;
}

void LimitWatch::Tell(const LimitWarning& warning) {
  ++warnings_;
  spdlog::warn("limit-warning: limit={} key={} percent={} rate=\"{}\"",
               warning.rule, EscapeForLog(warning.key, 120), warning.percent,
               FormatRate(warning.rate));
  if (on_warning_) on_warning_(warning);
}

void LimitWatch::Remember(const LimitOverrun& overrun) {
  ++refusals_;
  if (overrun.key.size() > kMostKeyBytes) return;
  const std::lock_guard lock(mutex_);
  refused_[{overrun.rule, overrun.key}] = {clock_.Now(), overrun};
  if (refused_.size() < kMostRemembered) return;
  refused_before_ = std::move(refused_);
  refused_.clear();
}

std::optional<LimitWatch::Refusal> LimitWatch::LastRefusal(
    const std::string& rule, const std::string& key) const {
  const std::lock_guard lock(mutex_);
  for (const Refusals* refusals : {&refused_, &refused_before_})
    if (const auto found = refusals->find({rule, key});
        found != refusals->end())
      return found->second;
  return std::nullopt;
}

std::vector<Limiter::Statement> LimitWatch::Status() {
  std::vector<Statement> statements = limiter_->Status();
  statements.push_back({"warnings", std::to_string(warnings_)});
  statements.push_back({"refusals", std::to_string(refusals_)});
  return statements;
}

}  // namespace postern
