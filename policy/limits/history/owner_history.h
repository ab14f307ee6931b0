// OwnerHistory: what is known of the mail of one owner (a login, a domain, a
// way out), and the changes it is made of.
//
// Days are those of UTC, counted from the epoch; a clock that steps back a
// little stays in the latest day. Belongs to one thread at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/limits/history/seen_set.h"

namespace postern {

// Of what the first time counts.
enum class Novelty { kRecipient, kRecipientDomain, kFrom, kNetwork };

// Since midnight, or since an alarm ended.
struct TodayCounts {
  std::int64_t recipients = 0;  // one for each recipient of each message
  std::int64_t new_recipients = 0;
  std::int64_t new_recipient_domains = 0;
  std::int64_t new_froms = 0;
  std::int64_t new_networks = 0;
  std::int64_t refusals = 0;
  bool operator==(const TodayCounts&) const = default;
};

struct DayCounts {
  std::int64_t recipients = 0;
  std::int64_t new_recipients = 0;
  bool operator==(const DayCounts&) const = default;
};

struct OwnerNumbers {
  // A month and some days: what is done once a month is within them.
  static constexpr int kDays = 35;

  int first_day = 0;  // 0: nothing is known yet
  int day = 0;        // today, as far as it was told
  TodayCounts today;
  std::array<DayCounts, kDays + 1> days{};  // today, yesterday, ...
  std::int64_t alarmed_until_ns = 0;        // 0: quiet
  std::string alarm_reason;

  [[nodiscard]] int days_known() const {
    return first_day ? day - first_day : 0;
  }
  bool operator==(const OwnerNumbers&) const = default;
};

// One thing that happened.
struct HistoryChange {
  struct Seen {
    Novelty what = Novelty::kRecipient;
    std::uint64_t hash = 0;
    bool operator==(const Seen&) const = default;
  };
  enum class Alarm { kStays, kIsRaised, kEnds };

  int day = 0;
  std::vector<Seen> seen;
  std::int64_t recipients = 0;
  std::int64_t refusals = 0;
  Alarm alarm = Alarm::kStays;
  std::int64_t alarmed_until_ns = 0;
  std::string alarm_reason;
  bool operator==(const HistoryChange&) const = default;
};
[[nodiscard]] std::string Encode(const HistoryChange& change);
[[nodiscard]] std::optional<HistoryChange> DecodeChange(
    std::string_view octets);

struct OwnerHistory {
  OwnerNumbers numbers;
  SeenSet seen;

  // To the beginning of a later day.
  void Settle(SeenTime time);
  void Apply(const HistoryChange& change, int forget_after);
};
[[nodiscard]] std::string Encode(const OwnerNumbers& numbers);
[[nodiscard]] std::optional<OwnerNumbers> DecodeNumbers(
    std::string_view octets);

}  // namespace postern
