#include "policy/limits/embedded_limiter.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace postern {
namespace {

constexpr std::chrono::minutes kAskAgain{1};

// What a second may have admitted and nobody wrote down.
void ChargeLostSecond(CounterRow* row, std::int64_t now_ns) {
  constexpr std::int64_t kSecondNs = 1'000'000'000;
  for (MeterRow& meter : row->meters)
    meter.drained_at_ns = std::max(meter.drained_at_ns, now_ns) + kSecondNs;
}

}  // namespace

void Counting::Record(std::span<const CounterRow> rows, std::int64_t now_ns) {
  if (!journal) return;
  const Result<void> written = journal->Append(rows, now_ns);
  const bool is_failing = !written;
  if (is_failing == is_journal_failing.exchange(is_failing)) return;
  if (is_failing) {
    spdlog::error("limits: charges are not journalled: {}",
                  written.error().message);
  } else {
    spdlog::info("limits: charges are journalled again");
  }
}

// One claim for each counter: charges of the same rule and key are one.
struct EmbeddedLimiter::Claims {
  std::vector<Claim> claims;
  std::vector<const LimitCharge*> charges;  // the first of each
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

EmbeddedLimiter::EmbeddedLimiter(const Clock& clock, std::size_t most_keys)
    : counting_(std::make_shared<Counting>(clock, most_keys)) {}

Result<std::unique_ptr<EmbeddedLimiter>> EmbeddedLimiter::Open(
    const std::string& directory, const Clock& clock, const Options& options) {
  std::unique_ptr<EmbeddedLimiter> limiter(
      new EmbeddedLimiter(clock, static_cast<std::size_t>(options.most_keys)));
  const auto is_in_use = [&directory] {
    return Fail(directory + "/lock: the limits are in use by another process");
  };
  if (!directory.empty()) {
    Result<FileDescriptor> lock = CounterStore::Lock(directory);
    if (lock && !lock->is_open()) return is_in_use();
    Result<void> loaded;
    if (!lock) loaded = std::unexpected(lock.error());
    if (lock) {
      limiter->lock_ = std::move(*lock);
      loaded = limiter->Load(directory);
    }
    if (!loaded) limiter->GoOnWithout(loaded.error().message);
  }
  if (options.writes_by_itself)
    limiter->writer_ =
        std::jthread([raw = limiter.get()](const std::stop_token& stop) {
          raw->WriteEachSecond(stop);
        });
  return limiter;
}

Result<std::unique_ptr<EmbeddedLimiter>> EmbeddedLimiter::Peek(
    const std::string& directory, const Clock& clock) {
  std::unique_ptr<EmbeddedLimiter> limiter(
      new EmbeddedLimiter(clock, Options().most_keys));
  Result<CounterStore> store = CounterStore::Peek(directory);
  if (!store) return std::unexpected(store.error());
  const Result<CounterStore::State> state = store->ReadState();
  if (!state) return std::unexpected(state.error());
  const auto recent = CounterJournal::ReadFrom(directory);
  if (!recent) return std::unexpected(recent.error());
  limiter->counting_->time.ContinueFrom(
      std::max(state->written_at_ns, recent->written_at_ns));
  const Result<void> read = store->Read([&](const CounterRow& row) {
    limiter->counting_->table.Load(row, false);
  });
  if (!read) return std::unexpected(read.error());
  for (const CounterRow& row : recent->rows)
    limiter->counting_->table.Load(row, false);
  return limiter;
}

Result<void> EmbeddedLimiter::Load(const std::string& directory) {
  Result<CounterStore> store = CounterStore::Open(directory);
  if (!store) return std::unexpected(store.error());
  auto journal = CounterJournal::Open(directory);
  if (!journal) return std::unexpected(journal.error());
  const Result<CounterStore::State> state = store->ReadState();
  if (!state) return std::unexpected(state.error());
  Result<CounterJournal::Contents> recent = (*journal)->Read();
  if (!recent) return std::unexpected(recent.error());

  LimitTime& time = counting_->time;
  time.ContinueFrom(std::max(state->written_at_ns, recent->written_at_ns));
  const std::int64_t now_ns = time.NowNs();
  const bool has_lost_second = state->has_lost_power || recent->is_damaged;
  if (has_lost_second)
    spdlog::warn(
        "limits: the last second before the stop may not be on disk: "
        "it is charged at the full rate");
  const auto load = [&](CounterRow row, bool is_changed) {
    if (has_lost_second) ChargeLostSecond(&row, now_ns);
    counting_->table.Load(row, is_changed || has_lost_second);
  };
  const Result<void> read =
      store->Read([&](const CounterRow& row) { load(row, false); });
  if (!read) return read;
  for (const CounterRow& row : recent->rows) load(row, true);

  store_ = std::move(*store);
  Result<void> ready = WriteChanged(false);
  if (ready) ready = store_->MarkOpen();
  if (ready) ready = (*journal)->Clear();
  counting_->journal = std::move(*journal);
  return ready;
}

// What was read stays counted; nothing more is written.
void EmbeddedLimiter::GoOnWithout(const std::string& reason) {
  spdlog::error(
      "limits: the store is not used, each rule does as its "
      "store_down says: {}",
      reason);
  fault_ = reason;
  store_.reset();
  counting_->journal.reset();
  counting_->is_store_failing = true;
}

EmbeddedLimiter::~EmbeddedLimiter() {
  const Result<void> closed = Close();
  if (!closed) spdlog::error("limits: {}", closed.error().message);
  if (counting_->journal) counting_->journal->Close();
}

Result<void> EmbeddedLimiter::Close() {
  writer_.request_stop();
  if (writer_.joinable()) writer_.join();
  const std::lock_guard lock(write_mutex_);
  if (!store_) return {};  // there is none, or that was told
  const Result<void> written = WriteChanged(true);
  // Only what is written whole may be called closed.
  return written ? store_->MarkClosed() : written;
}

EmbeddedLimiter::Claims EmbeddedLimiter::Merge(
    std::span<const LimitCharge> charges) const {
  CounterTable& table = counting_->table;
  Claims merged;
  merged.claims.reserve(charges.size());
  merged.charges.reserve(charges.size());
  for (const LimitCharge& charge : charges) {
    const std::int64_t cost = std::max<std::int64_t>(charge.cost, 0);
    std::string name = CounterName(charge.rule->name, charge.key);
    const std::uint64_t hash = table.HashOf(name);
    const auto same = std::find_if(
        merged.claims.begin(), merged.claims.end(), [&](const Claim& claim) {
          return claim.hash == hash && claim.name == name;
        });
    if (same != merged.claims.end()) {
      // Sums beyond any burst stay beyond any burst.
      constexpr std::int64_t kMost = std::int64_t{1} << 62;
      same->cost = std::min(same->cost, kMost) + std::min(cost, kMost - 1);
      continue;
    }
    Claim& claim = merged.claims.emplace_back();
    claim.name = std::move(name);
    claim.hash = hash;
    for (const LimitRate& rate : charge.rates_in_force())
      claim.rates.push_back(table.RateOf(TermsOf(rate)));
    claim.cost = cost;
    merged.charges.push_back(&charge);
  }
  return merged;
}

LimitOverrun EmbeddedLimiter::Unavailable(const LimitCharge& charge) const {
  LimitOverrun overrun{.rule = charge.rule->name, .key = charge.key};
  if (!charge.rates_in_force().empty())
    overrun.rate = charge.rates_in_force().front();
  overrun.retry_at =
      counting_->time.ToWall(counting_->time.NowNs()) + kAskAgain;
  overrun.store_is_down = true;
  return overrun;
}

// While the store is down: those that are counted all the same.
std::vector<LimitCharge> EmbeddedLimiter::Asked(
    std::span<const LimitCharge> charges, Answer* answer) const {
  std::vector<LimitCharge> asked;
  for (const LimitCharge& charge : charges) {
    switch (charge.rule->store_down) {
      case LimitStoreDown::kLocal:
        asked.push_back(charge);
        break;
      case LimitStoreDown::kOpen:
        answer->unavailable.push_back(charge.rule);
        break;
      case LimitStoreDown::kClosed:
        if (!answer->overrun) answer->overrun = Unavailable(charge);
        break;
    }
  }
  return asked;
}

Limiter::Answer EmbeddedLimiter::Reserve(std::span<const LimitCharge> charges) {
  Answer answer;
  std::vector<LimitCharge> asked;
  if (counting_->is_down()) {
    asked = Asked(charges, &answer);
    if (answer.overrun) return answer;
    charges = asked;
  }
  Claims merged = Merge(charges);
  for (;;) {
    const std::uint64_t id = ++counting_->last_id;
    const CounterTable::Outcome outcome =
        counting_->table.Reserve(merged.claims, id, counting_->time.NowNs());
    if (!outcome.refusal) {
      for (const CounterTable::Warning& warning : outcome.warnings) {
        const LimitCharge& charge = *merged.charges[warning.claim];
        answer.warnings.push_back(
            {.rule = charge.rule->name,
             .key = charge.key,
             .rate = charge.rates_in_force()[warning.of.rate],
             .percent = warning.of.percent});
      }
      answer.reservation =
          std::make_shared<Held>(counting_, std::move(merged.claims), id);
      return answer;
    }
    const CounterTable::Refusal& refusal = *outcome.refusal;
    const LimitCharge& charge = *merged.charges[refusal.claim];
    if (!refusal.is_full) {
      answer.overrun = {.rule = charge.rule->name,
                        .key = charge.key,
                        .rate = charge.rates_in_force()[refusal.rate]};
      if (refusal.retry_at_ns)
        answer.overrun->retry_at = counting_->time.ToWall(*refusal.retry_at_ns);
      return answer;
    }
    TellFull();
    if (charge.rule->store_down != LimitStoreDown::kOpen) {
      answer.overrun = Unavailable(charge);
      return answer;
    }
    answer.unavailable.push_back(charge.rule);
    const auto place = static_cast<std::ptrdiff_t>(refusal.claim);
    merged.claims.erase(merged.claims.begin() + place);
    merged.charges.erase(merged.charges.begin() + place);
  }
}

void EmbeddedLimiter::TellFull() {
  if (counting_->is_full.exchange(true)) return;
  spdlog::error(
      "limits: there is no room for more than {} keys: those without "
      "are over their limit, but where store_down is open",
      counting_->table.most());
}

Result<void> EmbeddedLimiter::Flush() {
  const std::lock_guard lock(write_mutex_);
  if (!store_ && !fault_.empty()) return Fail(fault_);  // never read
  const Result<void> written = WriteChanged(!fault_.empty());
  const std::string fault = written ? "" : written.error().message;
  const bool was_failing = !std::exchange(fault_, fault).empty();
  counting_->is_store_failing = !written;
  if (written) counting_->is_journal_failing = false;  // nothing is missing
  if (!written && !was_failing)
    spdlog::error(
        "limits: counters are not written, each rule does as its "
        "store_down says: {}",
        fault);
  if (written && was_failing)
    spdlog::info("limits: counters are written again");
  const CounterTable& table = counting_->table;
  if (table.size() < table.most() - table.most() / 10)
    counting_->is_full = false;
  return written;
}

Result<void> EmbeddedLimiter::WriteChanged(bool always) {
  const std::int64_t now_ns = counting_->time.NowNs();
  if (counting_->journal) counting_->journal->TakeTurns();
  for (std::size_t shard = 0; shard < CounterTable::kShards;) {
    const std::vector<CounterRow> rows =
        counting_->table.TakeChanged(now_ns, &shard);
    if (!store_ || (rows.empty() && !always)) continue;
    const Result<void> written = store_->Write(rows, now_ns);
    if (written) continue;
    counting_->table.ReturnChanged(rows);
    return written;
  }
  return counting_->journal ? counting_->journal->Retire() : Result<void>();
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
                                               const Clock& clock,
                                               int most_keys) {
  auto limiter =
      EmbeddedLimiter::Open(directory, clock, {.most_keys = most_keys});
  if (!limiter) return std::unexpected(limiter.error());
  return std::unique_ptr<Limiter>(std::move(*limiter));
}

}  // namespace postern
