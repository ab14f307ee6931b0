#include "policy/limits/history/history.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "policy/base/sha256.h"
#include "policy/base/text.h"
#include "policy/limits/history/history_store.h"
#include "policy/limits/history/history_table.h"

namespace postern {
namespace {

constexpr std::size_t kMaxPlainNameBytes = 256;
constexpr std::chrono::milliseconds kTogether{100};
constexpr std::size_t kMostWaiting = 100'000;

// A name of any length takes bounded memory.
std::string Bounded(const std::string& owner) {
  return owner.size() <= kMaxPlainNameBytes ? owner : Sha256Of(owner);
}

bool Always(const OwnerNumbers&) { return true; }

}  // namespace

// Keeps the table on disk. Without a store it has nothing to do.
class History::Writer {
 public:
  Writer(std::unique_ptr<HistoryStore> store, std::shared_ptr<Table> table)
      : store_(std::move(store)), table_(std::move(table)) {
    if (store_ == nullptr) return;
    thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
  }
  ~Writer() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    // Its failure has been reported.
    (void)Flush();
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Written together with what others change in the next kTogether.
  void KeepSoon(Table::Recorded recorded) {
    if (store_ == nullptr || !recorded.is_applied) return;
    bool is_first = false;
    {
      const std::lock_guard lock(wake_mutex_);
      is_first = waiting_.empty();
      // Where the disk is that slow, Flush writes their owners.
      if (waiting_.size() < kMostWaiting)
        waiting_.push_back(std::move(recorded.row));
    }
    if (is_first) wake_.notify_one();
  }
  // Written when it returns, after what waits.
  void Keep(Table::Recorded recorded) {
    const bool is_applied = recorded.is_applied;
    KeepSoon(std::move(recorded));
    if (is_applied) WriteWaiting();
  }

  Result<void> Flush() {
    if (store_ == nullptr) return {};
    WriteWaiting();
    const std::lock_guard lock(flush_mutex_);
    for (std::size_t shard = 0; shard < Table::kShards; ++shard) {
      const Table::Changed changed = table_->TakeChanged(shard);
      Result<void> written;
      if (!changed.gone.empty()) written = store_->Remove(changed.gone);
      if (written && !changed.rows.empty())
        written = store_->Write(changed.rows);
      if (written) continue;
      table_->ReturnChanged(shard, changed);
      return Report(written);
    }
    return Report(store_->Sync());
  }

 private:
  void Run(const std::stop_token& stop) {
    const auto waits_for = [this, &stop](auto time, const auto& what) {
      std::unique_lock lock(wake_mutex_);
      return wake_.wait_for(lock, stop, time, what);
    };
    while (!stop.stop_requested()) {
      const Deadline flush = In(kWriteEach);
      while (Deadline::clock::now() < flush &&
             waits_for(flush - Deadline::clock::now(),
                       [this] { return !waiting_.empty(); })) {
        (void)waits_for(kTogether, [] { return false; });
        WriteWaiting();
      }
      (void)Flush();
    }
  }

  void WriteWaiting() {
    if (store_ == nullptr) return;
    const std::lock_guard order(append_mutex_);
    std::vector<ChangeRow> rows;
    {
      const std::lock_guard lock(wake_mutex_);
      rows.swap(waiting_);
    }
    if (!rows.empty()) (void)Report(store_->Append(rows));
  }

  // Says once that it fails, and once that it does so no more.
  Result<void> Report(Result<void> result) {
    const bool is_failing = !result;
    if (is_failing == is_failing_.exchange(is_failing)) return result;
    if (is_failing) {
      spdlog::error("history: not written, kept in memory meanwhile: {}",
                    result.error().message);
    } else {
      spdlog::info("history: written again");
    }
    return result;
  }

  std::unique_ptr<HistoryStore> store_;  // null: in memory only
  std::shared_ptr<Table> table_;
  std::atomic<bool> is_failing_ = false;
  std::mutex flush_mutex_;
  std::mutex append_mutex_;
  std::mutex wake_mutex_;  // guards waiting_
  std::vector<ChangeRow> waiting_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: it uses the others
};

Result<std::unique_ptr<History>> History::Open(const std::string& directory,
                                               Options options,
                                               const Clock& clock) {
  auto table = std::make_shared<Table>(options, clock);
  std::unique_ptr<HistoryStore> store;
  if (directory.empty()) {
    table->MakeKey();
  } else {
    auto opened = HistoryStore::Open(directory);
    if (!opened) return std::unexpected(opened.error());
    store = *std::move(opened);
    Result<HistoryStore::Contents> contents = store->Read();
    if (!contents) return std::unexpected(contents.error());
    table->Restore(*std::move(contents));
  }
  auto writer = std::make_unique<Writer>(std::move(store), table);
  return std::unique_ptr<History>(
      new History(std::move(table), std::move(writer)));
}

History::History(std::shared_ptr<Table> table, std::unique_ptr<Writer> writer)
    : table_(std::move(table)), writer_(std::move(writer)) {}

History::~History() = default;

bool History::Known(const std::string& owner, Novelty what,
                    std::string_view value) const {
  return table_->Knows(Bounded(owner), table_->HashOf(what, value));
}

std::shared_ptr<HistoryVisit> History::Begin(const std::string& owner) {
  return std::shared_ptr<HistoryVisit>(
      new HistoryVisit(table_, Bounded(owner)));
}

void History::Remember(const std::string& owner, const MailThatLeft& mail) {
  HistoryChange change;
  const auto see = [&](Novelty what, std::string_view value) {
    change.seen.push_back({what, table_->HashOf(what, value)});
  };
  for (const std::string& recipient : mail.recipients) {
    if (mail.is_only_counted) break;
    see(Novelty::kRecipient, recipient);
    see(Novelty::kRecipientDomain, RecipientDomain(recipient));
  }
  if (!mail.from.empty()) see(Novelty::kFrom, mail.from);
  if (mail.network) see(Novelty::kNetwork, NetworkText(*mail.network));
  change.recipients = static_cast<std::int64_t>(mail.recipients.size());
  writer_->KeepSoon(table_->Record(Bounded(owner), std::move(change), Always));
}

void History::Refused(const std::string& owner, std::int64_t recipients) {
  HistoryChange change;
  change.refusals = recipients;
  writer_->KeepSoon(table_->Record(Bounded(owner), std::move(change), Always));
}

History::Habits History::Look(const std::string& owner) const {
  return table_->Look(Bounded(owner));
}

bool History::RaiseAlarm(const std::string& owner, TimePoint until,
                         const std::string& reason) {
  HistoryChange change;
  change.alarm = HistoryChange::Alarm::kIsRaised;
  change.alarmed_until_ns = until.time_since_epoch().count();
  change.alarm_reason = reason;
  // Of two that come at once, one raises it.
  auto recorded = table_->Record(Bounded(owner), std::move(change),
                                 [](const OwnerNumbers& numbers) {
                                   return numbers.alarmed_until_ns == 0;
                                 });
  const bool is_applied = recorded.is_applied;
  writer_->Keep(std::move(recorded));
  return is_applied;
}

bool History::EndAlarm(const std::string& owner) {
  HistoryChange change;
  change.alarm = HistoryChange::Alarm::kEnds;
  auto recorded = table_->Record(Bounded(owner), std::move(change),
                                 [](const OwnerNumbers& numbers) {
                                   return numbers.alarmed_until_ns != 0;
                                 });
  const bool is_applied = recorded.is_applied;
  writer_->Keep(std::move(recorded));
  return is_applied;
}

std::vector<History::Alarm> History::Alarms() const { return table_->Alarms(); }

Result<void> History::Flush() { return writer_->Flush(); }

History::Size History::size() const { return table_->size(); }

HistoryVisit::~HistoryVisit() {
  if (counts_.recipients == 0) return;
  table_->AddUnderWay(owner_, {-counts_.recipients, -counts_.new_recipients,
                               -counts_.new_recipient_domains});
}

HistoryVisit::New HistoryVisit::Add(std::string_view recipient) {
  const auto is_new = [this](Novelty what, std::string_view value) {
    const std::uint64_t hash = table_->HashOf(what, value);
    return !table_->Knows(owner_, hash) && new_things_.insert(hash).second;
  };
  const New found{
      is_new(Novelty::kRecipient, recipient),
      is_new(Novelty::kRecipientDomain, RecipientDomain(recipient))};
  const UnderWay more{1, found.recipient ? 1 : 0, found.domain ? 1 : 0};
  counts_.recipients += more.recipients;
  counts_.new_recipients += more.new_recipients;
  counts_.new_recipient_domains += more.new_recipient_domains;
  table_->AddUnderWay(owner_, more);
  return found;
}

std::string NetworkText(const IpAddress& address) {
  const int bits = address.family() == IpAddress::Family::kV4 ? 24 : 48;
  const std::optional<IpNetwork> network = IpNetwork::Around(address, bits);
  return network ? network->ToString() : address.ToString();
}

std::string_view RecipientDomain(std::string_view address) {
  return address.substr(address.rfind('@') + 1);
}

}  // namespace postern
