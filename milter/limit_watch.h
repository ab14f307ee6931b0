// LimitWatch: a limiter whose warnings and refusals are told: in the log, to a
// hook, and to the desk, which asks for the last ones and for how many there
// were. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "policy/base/clock.h"
#include "policy/limits/limiter.h"

namespace postern {

class LimitWatch final : public Limiter {
 public:
  // Called for each warning by the thread that asked for the charge: it hands
  // on what takes time. May be empty.
  using OnWarning = std::function<void(const LimitWarning&)>;
  LimitWatch(std::unique_ptr<Limiter> limiter, const Clock& clock,
             OnWarning on_warning);

  [[nodiscard]] Answer Reserve(std::span<const LimitCharge> charges) override;
  [[nodiscard]] Result<void> Flush() override { return limiter_->Flush(); }
  [[nodiscard]] Result<void> Close() override { return limiter_->Close(); }
  [[nodiscard]] Result<std::vector<LimitUse>> Show(
      const UseFilter& filter) override {
    return limiter_->Show(filter);
  }
  [[nodiscard]] Result<void> Grant(const LimitGrant& grant) override {
    return limiter_->Grant(grant);
  }
  [[nodiscard]] Result<bool> Clear(const std::string& rule,
                                   const std::string& key) override {
    return limiter_->Clear(rule, key);
  }
  void Count(const LimitRule& rule, LimitOutcome outcome) override;
  // With how many were warned of and refused since the start.
  [[nodiscard]] std::vector<Statement> Status() override;

  // Since the start.
  struct Counts {
    std::map<int, std::uint64_t> warned;  // by percent
    std::map<LimitOutcome, std::uint64_t> messages;
  };
  [[nodiscard]] std::map<std::string, Counts> CountsByRule() const;

  struct Refusal {
    TimePoint at;
    LimitOverrun overrun;
  };
  // Of so many keys as are remembered, those refused last.
  [[nodiscard]] std::optional<Refusal> LastRefusal(
      const std::string& rule, const std::string& key) const;

 private:
  void Tell(const LimitWarning& warning);
  void Remember(const LimitOverrun& overrun);

  const std::unique_ptr<Limiter> limiter_;
  const Clock& clock_;
  const OnWarning on_warning_;
  std::atomic<std::uint64_t> warnings_ = 0;
  std::atomic<std::uint64_t> refusals_ = 0;
  using Refusals = std::map<std::pair<std::string, std::string>, Refusal>;
  mutable std::mutex mutex_;  // guards what is below
  std::map<std::string, Counts> counts_;
  Refusals refused_;
  Refusals refused_before_;  // those before the thousandth key
};

}  // namespace postern
