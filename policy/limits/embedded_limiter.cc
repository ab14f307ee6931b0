#include "policy/limits/embedded_limiter.h"

#include <algorithm>
#include <map>
#include <utility>

#include <spdlog/spdlog.h>

namespace postern {
namespace {

// One claim for each counter: charges of the same rule and key are one.
struct Claims {
  std::vector<Claim> claims;
  std::vector<const LimitCharge*> charges;  // the first of each
};

Claims Merge(std::span<const LimitCharge> charges) {
  Claims merged;
  for (const LimitCharge& charge : charges) {
    const std::int64_t cost = std::max<std::int64_t>(charge.cost, 0);
    std::string name = CounterName(charge.rule->name, charge.key);
    const auto same = std::find_if(
        merged.claims.begin(), merged.claims.end(),
        [&name](const Claim& claim) { return claim.name == name; });
    if (same != merged.claims.end()) {
      // Sums beyond any burst stay beyond any burst.
      constexpr std::int64_t kMost = std::int64_t{1} << 62;
      same->cost = std::min(same->cost, kMost) + std::min(cost, kMost - 1);
      continue;
    }
    Claim& claim = merged.claims.emplace_back();
    claim.name = std::move(name);
    for (const LimitRate& rate : charge.rates_in_force())
      claim.terms.push_back(TermsOf(rate));
    claim.cost = cost;
    merged.charges.push_back(&charge);
  }
  return merged;
}

// What a second may have admitted and nobody wrote down.
void ChargeLostSecond(std::vector<MeterRow>* meters, std::int64_t now_ns) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  for (MeterRow& meter : *meters)
    meter.drained_at_ns = std::max(meter.drained_at_ns, now_ns) + kSecondNs;
}

}  // namespace

struct EmbeddedLimiter::Counting {
  explicit Counting(const Clock& clock)
      : time(clock),
        table([this](std::span<const CounterRow> rows) { Record(rows); }) {}

  void Record(std::span<const CounterRow> rows) {
    if (!journal) return;
    const Result<void> written = journal->Append(rows, time.NowNs());
    const bool is_failing = !written;
    if (is_failing == is_journal_failing.exchange(is_failing)) return;
    if (is_failing) {
      spdlog::error("limits: charges are not journalled: {}",
                    written.error().message);
    } else {
      spdlog::info("limits: charges are journalled again");
    }
  }

  LimitTime time;
  std::unique_ptr<CounterJournal> journal;  // null: in memory only
  std::atomic<bool> is_journal_failing = false;
  std::atomic<std::uint64_t> last_id = 0;
  CounterTable table;
};

class EmbeddedLimiter::Held final : public Reservation {
 public:
  Held(std::shared_ptr<Counting> counting, std::vector<Claim> claims,
       std::uint64_t id)
      : counting_(std::move(counting)), claims_(std::move(claims)), id_(id) {}
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  ~Held() override {
    if (!is_committed_)
      counting_->table.Cancel(claims_, id_, counting_->time.NowNs());
  }
  void Commit() override {
    if (std::exchange(is_committed_, true)) return;
    counting_->table.Commit(claims_, id_, counting_->time.NowNs());
  }

 private:
  std::shared_ptr<Counting> counting_;
  std::vector<Claim> claims_;
  std::uint64_t id_;
  bool is_committed_ = false;
};

EmbeddedLimiter::EmbeddedLimiter(const Clock& clock)
    : counting_(std::make_shared<Counting>(clock)) {}

Result<std::unique_ptr<EmbeddedLimiter>> EmbeddedLimiter::Open(
    const std::string& directory, const Clock& clock) {
  std::unique_ptr<EmbeddedLimiter> limiter(new EmbeddedLimiter(clock));
  if (!directory.empty()) {
    const Result<void> loaded = limiter->Load(directory);
    if (!loaded) return std::unexpected(loaded.error());
  }
  limiter->writer_ =
      std::jthread([raw = limiter.get()](const std::stop_token& stop) {
        raw->WriteEachSecond(stop);
      });
  return limiter;
}

Result<void> EmbeddedLimiter::Load(const std::string& directory) {
  Result<CounterStore> store = CounterStore::Open(directory);
  if (!store) return std::unexpected(store.error());
  auto journal = CounterJournal::Open(directory);
  if (!journal) return std::unexpected(journal.error());
  Result<CounterStore::Contents> stored = store->Read();
  if (!stored) return std::unexpected(stored.error());
  Result<CounterJournal::Contents> recent = (*journal)->Read();
  if (!recent) return std::unexpected(recent.error());

  std::map<std::string, std::vector<MeterRow>> counters;
  for (CounterRow& row : stored->rows)
    counters[std::move(row.name)] = std::move(row.meters);
  for (CounterRow& row : recent->rows)
    counters[std::move(row.name)] = std::move(row.meters);
  LimitTime& time = counting_->time;
  time.ContinueFrom(std::max(stored->written_at_ns, recent->written_at_ns));
  const std::int64_t now_ns = time.NowNs();
  for (auto& [name, meters] : counters) {
    if (stored->has_lost_power) ChargeLostSecond(&meters, now_ns);
    counting_->table.Load({name, std::move(meters)});
  }
  store_ = std::move(*store);
  Result<void> ready = WriteChanged();
  if (ready) ready = store_->MarkOpen();
  if (ready) ready = (*journal)->Clear();
  counting_->journal = std::move(*journal);
  return ready;
}

EmbeddedLimiter::~EmbeddedLimiter() {
  writer_.request_stop();
  if (writer_.joinable()) writer_.join();
  const Result<void> flushed = Flush();
  if (!store_) return;
  // Only what is written whole may be called closed.
  const Result<void> closed = flushed ? store_->MarkClosed() : flushed;
  if (!closed) spdlog::error("limits: {}", closed.error().message);
}

Limiter::Answer EmbeddedLimiter::Reserve(std::span<const LimitCharge> charges) {
  Claims merged = Merge(charges);
  const std::uint64_t id = ++counting_->last_id;
  const auto refusal =
      counting_->table.Reserve(merged.claims, id, counting_->time.NowNs());
  Answer answer;
  if (!refusal) {
    answer.reservation =
        std::make_shared<Held>(counting_, std::move(merged.claims), id);
    return answer;
  }
  const LimitCharge& charge = *merged.charges[refusal->claim];
  LimitOverrun& overrun = answer.overrun.emplace();
  overrun.rule = charge.rule->name;
  overrun.key = charge.key;
  overrun.rate = charge.rates_in_force()[refusal->rate];
  if (refusal->retry_at_ns)
    overrun.retry_at = counting_->time.ToWall(*refusal->retry_at_ns);
  return answer;
}

Result<void> EmbeddedLimiter::Flush() {
  const std::lock_guard lock(write_mutex_);
  Result<void> written = WriteChanged();
  const bool is_failing = !written;
  if (is_failing != std::exchange(is_failing_, is_failing)) {
    if (is_failing) {
      spdlog::error("limits: counters are not written: {}",
                    written.error().message);
    } else {
      spdlog::info("limits: counters are written again");
    }
  }
  return written;
}

Result<void> EmbeddedLimiter::WriteChanged() {
  const std::int64_t now_ns = counting_->time.NowNs();
  if (counting_->journal) counting_->journal->TakeTurns();
  const std::vector<CounterRow> rows = counting_->table.TakeChanged(now_ns);
  if (!store_) return {};
  Result<void> written;
  if (!rows.empty()) written = store_->Write(rows, now_ns);
  if (!written) {
    counting_->table.ReturnChanged(rows);
    return written;
  }
  return counting_->journal ? counting_->journal->Retire() : written;
}

Result<std::vector<LimitUse>> EmbeddedLimiter::Show(const UseFilter&) {
  return Fail("the embedded counters cannot be shown yet");
}

Result<void> EmbeddedLimiter::Grant(const LimitGrant&) {
  return Fail("the embedded counters take no grants yet");
}

Result<bool> EmbeddedLimiter::Clear(const std::string&, const std::string&) {
  return Fail("the embedded counters cannot be cleared yet");
}

void EmbeddedLimiter::WriteEachSecond(const std::stop_token& stop) {
  std::unique_lock lock(wake_mutex_);
  while (!stop.stop_requested()) {
    wake_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    // Its failure has been reported; the next second tries again.
    (void)Flush();
  }
}

Result<std::unique_ptr<Limiter>> Limiter::Open(const std::string& directory,
                                               const Clock& clock) {
  auto limiter = EmbeddedLimiter::Open(directory, clock);
  if (!limiter) return std::unexpected(limiter.error());
  return std::unique_ptr<Limiter>(std::move(*limiter));
}

}  // namespace postern
