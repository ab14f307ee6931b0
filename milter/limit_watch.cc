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
  {
    const std::lock_guard lock(mutex_);
    ++counts_[warning.rule].warned[warning.percent];
  }
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

void LimitWatch::Count(const LimitRule& rule, LimitOutcome outcome) {
  const std::lock_guard lock(mutex_);
  ++counts_[rule.name].messages[outcome];
}

std::map<std::string, LimitWatch::Counts> LimitWatch::CountsByRule() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

std::vector<Limiter::Statement> LimitWatch::Status() {
  std::vector<Statement> statements = limiter_->Status();
  statements.push_back({"warnings", std::to_string(warnings_)});
  statements.push_back({"refusals", std::to_string(refusals_)});
  for (const auto& [name, outcome] :
       {std::pair{"passed_uncounted", LimitOutcome::kPassedUncounted},
        std::pair{"refused_uncounted", LimitOutcome::kRefusedUncounted}}) {
    std::uint64_t all = 0;
    for (const auto& [rule, counts] : CountsByRule())
      if (const auto found = counts.messages.find(outcome);
          found != counts.messages.end())
        all += found->second;
    statements.push_back({name, std::to_string(all)});
  }
  return statements;
}

}  // namespace postern
