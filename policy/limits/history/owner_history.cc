#include "policy/limits/history/owner_history.h"

#include <algorithm>

#include "policy/limits/history/number_octets.h"

namespace postern {
namespace {

// So far back a clock may step within the day it is.
constexpr int kClockDays = 2;

std::int64_t* CounterOf(Novelty what, TodayCounts* today) {
  switch (what) {
    case Novelty::kRecipient:
      return &today->new_recipients;
    case Novelty::kRecipientDomain:
      return &today->new_recipient_domains;
    case Novelty::kFrom:
      return &today->new_froms;
    case Novelty::kNetwork:
      return &today->new_networks;
  }
  return &today->new_recipients;
}

std::optional<Novelty> NoveltyOf(std::int64_t number) {
  if (number < 0 || number > static_cast<int>(Novelty::kNetwork))
    return std::nullopt;
  return static_cast<Novelty>(number);
}

// All numbers, in the order in which they are written.
template <typename Numbers, typename Visitor>
void ForEachNumber(Numbers& numbers, Visitor visit) {
  visit(numbers.today.recipients);
  visit(numbers.today.new_recipients);
  visit(numbers.today.new_recipient_domains);
  visit(numbers.today.new_froms);
  visit(numbers.today.new_networks);
  visit(numbers.today.refusals);
  visit(numbers.alarmed_until_ns);
  for (auto& day : numbers.days) {
    visit(day.recipients);
    visit(day.new_recipients);
  }
}

}  // namespace

void OwnerHistory::Settle(SeenTime time) {
  if (time.today < numbers.day - kClockDays) {
    // The clock was far ahead: today is no day of the future.
    numbers.today = {};
    numbers.day = time.today;
    numbers.first_day = std::min(numbers.first_day, numbers.day);
  }
  if (time.today <= numbers.day) return;
  const int passed = time.today - numbers.day;
  auto& days = numbers.days;
  const auto shift = std::min<std::ptrdiff_t>(
      passed, static_cast<std::ptrdiff_t>(days.size()));
  std::shift_right(days.begin(), days.end(), shift);
  std::fill_n(days.begin(), shift, DayCounts{});
  numbers.today = {};
  numbers.day = time.today;
  if (passed <= time.forget_after) return seen.Forget(time);
  // It begins anew, and learns.
  seen = {};
  numbers.first_day = 0;
}

void OwnerHistory::Apply(const HistoryChange& change, int forget_after) {
  Settle({change.day, forget_after});
  if (numbers.first_day == 0) numbers.first_day = numbers.day;
  DayCounts& day = numbers.days.front();
  for (const HistoryChange::Seen& thing : change.seen) {
    if (!seen.See(thing.hash, {numbers.day, forget_after})) continue;
    ++*CounterOf(thing.what, &numbers.today);
    if (thing.what == Novelty::kRecipient) ++day.new_recipients;
  }
  day.recipients += change.recipients;
  numbers.today.recipients += change.recipients;
  numbers.today.refusals += change.refusals;
  if (change.alarm == HistoryChange::Alarm::kStays) return;
  numbers.alarmed_until_ns = change.alarmed_until_ns;
  numbers.alarm_reason = change.alarm_reason;
  // What was looked at before the alarm raises it no second time.
  if (change.alarm == HistoryChange::Alarm::kEnds) numbers.today = {};
}

std::string Encode(const HistoryChange& change) {
  std::string octets;
  PutNumber(&octets, change.day);
  PutNumber(&octets, change.recipients);
  PutNumber(&octets, change.refusals);
  PutNumber(&octets, static_cast<int>(change.alarm));
  PutNumber(&octets, change.alarmed_until_ns);
  PutText(&octets, change.alarm_reason);
  for (const HistoryChange::Seen& thing : change.seen) {
    PutNumber(&octets, static_cast<int>(thing.what));
    PutNumber(&octets, static_cast<std::int64_t>(thing.hash));
  }
  return octets;
}

std::optional<HistoryChange> DecodeChange(std::string_view octets) {
  NumberReader reader(octets);
  HistoryChange change;
  change.day = static_cast<int>(reader.Number());
  change.recipients = reader.Number();
  change.refusals = reader.Number();
  const std::int64_t alarm = reader.Number();
  if (alarm < 0 || alarm > static_cast<int>(HistoryChange::Alarm::kEnds))
    return std::nullopt;
  change.alarm = static_cast<HistoryChange::Alarm>(alarm);
  change.alarmed_until_ns = reader.Number();
  change.alarm_reason = reader.Text();
  while (!reader.is_at_end()) {
    const std::optional<Novelty> what = NoveltyOf(reader.Number());
    if (!what) return std::nullopt;
    change.seen.push_back({*what, static_cast<std::uint64_t>(reader.Number())});
  }
  if (reader.is_short()) return std::nullopt;
  return change;
}

std::string Encode(const OwnerNumbers& numbers) {
  std::string octets;
  PutNumber(&octets, numbers.first_day);
  PutNumber(&octets, numbers.day);
  ForEachNumber(numbers,
                [&](std::int64_t number) { PutNumber(&octets, number); });
  PutText(&octets, numbers.alarm_reason);
  return octets;
}

std::optional<OwnerNumbers> DecodeNumbers(std::string_view octets) {
  NumberReader reader(octets);
  OwnerNumbers numbers;
  numbers.first_day = static_cast<int>(reader.Number());
  numbers.day = static_cast<int>(reader.Number());
  ForEachNumber(numbers,
                [&](std::int64_t& number) { number = reader.Number(); });
  numbers.alarm_reason = reader.Text();
  if (reader.is_short() || !reader.is_at_end()) return std::nullopt;
  return numbers;
}

}  // namespace postern
