// History: whom each login has written to, from where and as whom, and how much
// a day; so that what is new can be told from what is usual.
//
// An owner is a login, or whatever else has habits: a domain, a way out. Each
// takes 0.9 KiB and what its SeenSet needs, at most 64 KiB; all together
// stay within Options::memory, where the owner whose mail is longest past makes
// room and begins anew. Thread-safe.
//
// Only mail that left is remembered. A change is on disk (unsynced) a tenth of
// a second later, an alarm before RaiseAlarm returns: a killed process forgets
// no more than that. After a loss of power the last kWriteEach may be missing.
// What was first written to in such a time is new once more, and is missing
// from today's counts.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/ip_address.h"
#include "policy/base/result.h"
#include "policy/limits/history/owner_history.h"

namespace postern {

struct MailThatLeft {
  std::vector<std::string> recipients;
  std::string from;                  // empty: not told
  std::optional<IpAddress> network;  // any address within it
  bool is_only_counted = false;      // nobody asks who they were
};

// Recipients of messages under way, which may yet leave.
struct UnderWay {
  std::int64_t recipients = 0;
  std::int64_t new_recipients = 0;
  std::int64_t new_recipient_domains = 0;
};

class HistoryVisit;

class History {
 public:
  static constexpr std::chrono::seconds kWriteEach{5};

  struct Options {
    int forget_after_days = 180;  // what was not seen for so long is new again
    std::size_t memory = std::size_t{256} << 20;
  };
  // An empty directory name keeps everything in memory.
  [[nodiscard]] static Result<std::unique_ptr<History>> Open(
      const std::string& directory, Options options, const Clock& clock);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // An address, a domain, or a network as NetworkText writes it.
  [[nodiscard]] bool Known(const std::string& owner, Novelty what,
                           std::string_view value) const;
  // A message of the owner begins.
  [[nodiscard]] std::shared_ptr<HistoryVisit> Begin(const std::string& owner);
  void Remember(const std::string& owner, const MailThatLeft& mail);
  // Recipients that a receiver, or we, refused as unknown or unwanted.
  void Refused(const std::string& owner, std::int64_t recipients);

  struct Habits {
    OwnerNumbers numbers;  // as of today
    UnderWay under_way;
  };
  [[nodiscard]] Habits Look(const std::string& owner) const;

  // False: it was alarmed already.
  bool RaiseAlarm(const std::string& owner, TimePoint until,
                  const std::string& reason);
  // Today's counts begin anew. False: it was not alarmed.
  bool EndAlarm(const std::string& owner);
  struct Alarm {
    std::string owner;
    std::string reason;
    TimePoint until;
  };
  [[nodiscard]] std::vector<Alarm> Alarms() const;

  // Writes what changed. Also done by itself every kWriteEach.
  [[nodiscard]] Result<void> Flush();

  struct Size {
    std::size_t owners = 0;
    std::size_t octets = 0;
  };
  [[nodiscard]] Size size() const;

 private:
  friend class HistoryVisit;
  class Table;
  class Writer;
  History(std::shared_ptr<Table> table, std::unique_ptr<Writer> writer);

  std::shared_ptr<Table> table_;    // visits may outlive the History
  std::unique_ptr<Writer> writer_;  // last: it uses the table
};

// The recipients of one message while it is under way: others' judgements see
// them. Counts no more once destroyed. Belongs to the message's session.
class HistoryVisit {
 public:
  ~HistoryVisit();
  HistoryVisit(const HistoryVisit&) = delete;
  HistoryVisit& operator=(const HistoryVisit&) = delete;

  // Is it the first mail to that address, to that domain? Within one message
  // each is new once.
  struct New {
    bool recipient = false;
    bool domain = false;
  };
  [[nodiscard]] New Add(std::string_view recipient);
  [[nodiscard]] const UnderWay& counts() const { return counts_; }

 private:
  friend class History;
  HistoryVisit(std::shared_ptr<History::Table> table, std::string owner)
      : table_(std::move(table)), owner_(std::move(owner)) {}

  std::shared_ptr<History::Table> table_;
  std::string owner_;
  std::set<std::uint64_t> new_things_;
  UnderWay counts_;
};

// "192.0.2.0/24" or "2001:db8:1::/48": where a client moves without notice.
[[nodiscard]] std::string NetworkText(const IpAddress& address);
// What follows the last "@".
[[nodiscard]] std::string_view RecipientDomain(std::string_view address);

}  // namespace postern
