// What the operator sees and does of the embedded limiter.
#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "policy/limits/counting.h"
#include "policy/limits/embedded_limiter.h"

namespace postern {
namespace {

constexpr std::int64_t kMostGranted = 1'000'000'000'000;

double Share(const LimitUse& use) {
  double share = 0;
  for (const LimitUse::Rate& rate : use.rates)
    share = std::max(share, static_cast<double>(rate.used) /
                                static_cast<double>(std::max<std::int64_t>(
                                    rate.rate.burst, 1)));
  return share;
}

}  // namespace

LimitUse EmbeddedLimiter::UseOf(std::string_view name, const Counter& counter,
                                std::int64_t now_ns) const {
  CounterKey named = KeyOfName(name);
  LimitUse use{.rule = std::move(named.rule), .key = std::move(named.key)};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    const RateTerms& terms = counter.terms(i);
    const Meter meter = counter.meter(i);
    const Ticks debt = DebtAt(meter, now_ns);
    use.rates.push_back(
        {.rate = {.count = terms.count,
                  .period = std::chrono::duration_cast<std::chrono::seconds>(
                      std::chrono::nanoseconds(terms.period_ns)),
                  .burst = terms.burst},
         .used = static_cast<std::int64_t>((debt + terms.period_ns - 1) /
                                           terms.period_ns),
         .free_at =
             counting_->time.ToWall(std::max(DrainedAtNs(meter), now_ns))});
  }
  use.reserved = static_cast<std::int64_t>(counter.open_charges());
  use.granted = counter.granted(now_ns);
  if (use.granted > 0)
    use.grant_expires_at =
        counting_->time.ToWall(counter.grant_expires_at_ns());
  return use;
}

Result<std::vector<LimitUse>> EmbeddedLimiter::Show(const UseFilter& filter) {
  const std::int64_t now_ns = counting_->time.NowNs();
  // The least used of those that are kept is at the front.
  std::vector<std::pair<double, LimitUse>> kept;
  const auto is_more = [](const auto& a, const auto& b) {
    return a.first > b.first ||
           (a.first == b.first && std::tie(a.second.rule, a.second.key) <
                                      std::tie(b.second.rule, b.second.key));
  };
  counting_->table.ForEach([&](std::string_view name, const Counter& counter) {
    if (counter.IsDrained(now_ns)) return;
    LimitUse use = UseOf(name, counter, now_ns);
    if (!filter.rule.empty() && use.rule != filter.rule) return;
    if (use.key.find(filter.key) == std::string::npos) return;
    const double share = Share(use);
    kept.emplace_back(share, std::move(use));
    std::push_heap(kept.begin(), kept.end(), is_more);
    if (kept.size() <= filter.most) return;
    std::pop_heap(kept.begin(), kept.end(), is_more);
    kept.pop_back();
  });
  std::sort_heap(kept.begin(), kept.end(), is_more);
  std::vector<LimitUse> uses;
  for (auto& [share, use] : kept) uses.push_back(std::move(use));
  return uses;
}

Result<void> EmbeddedLimiter::Grant(const LimitGrant& grant) {
  const std::int64_t now_ns = counting_->time.NowNs();
  const std::int64_t expires_at_ns = counting_->time.FromWall(grant.expires_at);
  if (grant.units <= 0 || grant.units > kMostGranted)
    return Fail(fmt::format("a grant is of 1 to {} units", kMostGranted));
  if (expires_at_ns <= now_ns) return Fail("the grant would have expired");
  if (!counting_->table.Grant(CounterName(grant.rule, grant.key), grant.units,
                              expires_at_ns, now_ns))
    return Fail("there is no room for another key");
  return Flush();
}

Result<bool> EmbeddedLimiter::Clear(const std::string& rule,
                                    const std::string& key) {
  const bool had_any =
      counting_->table.Forget(CounterName(rule, key), counting_->time.NowNs());
  const Result<void> written = Flush();
  if (!written) return std::unexpected(written.error());
  return had_any;
}

std::vector<Limiter::Statement> EmbeddedLimiter::Status() {
  const std::lock_guard lock(write_mutex_);
  const std::string journal_bytes =
      std::to_string(counting_->journal ? counting_->journal->bytes() : 0);
  return {
      {"keys", std::to_string(counting_->table.size())},
      {"most_keys", std::to_string(counting_->table.most())},
      {"store", fault_.empty() ? "written each second" : fault_},
      {"journal_bytes", journal_bytes},
      {"journal", counting_->is_journal_failing ? "not written"
                                                : "written with each charge"},
      {"lost_by_kill", counting_->is_down() ? "what is not written" : "0 s"},
      {"lost_by_power_failure", "1 s, charged at the full rate"}};
}

}  // namespace postern
