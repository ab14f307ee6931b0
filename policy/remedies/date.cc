// Date: add the missing one, rewrite the unreadable one, keep the first of
// several that say the same (RFC 5322 s.3.6.1).

#include <algorithm>
#include <chrono>

#include "policy/message/date.h"
#include "policy/remedies/remedy.h"

namespace postern {

bool AddDate(const Facts& facts, Message* message) {
  if (facts.IsFieldCovered("Date") || message->header.Count("Date") > 0)
    return false;
  message->header.Set("Date", FormatDate(facts.received_at));
  return true;
}

bool RewriteDate(const Facts& facts, Message* message) {
  const HeaderField* date = message->header.Find("Date");
  if (date == nullptr || facts.IsFieldCovered("Date")) return false;
  message->header.Append("X-Original-Date", date->Unfolded());
  message->header.SetNth("Date", 0, FormatDate(facts.received_at));
  return true;
}

bool RewriteAbsurdDate(const Facts& facts, Message* message) {
  // No clock that was ever set says so; a later date may be true.
  constexpr std::chrono::sys_days kEarliest =
      std::chrono::year(1990) / std::chrono::January / 1;
  if (!facts.header.date || *facts.header.date >= kEarliest) return false;
  return RewriteDate(facts, message);
}

bool KeepFirstDate(const Facts& facts, Message* message) {
  const std::vector<const HeaderField*> dates = message->header.FindAll("Date");
  if (dates.size() < 2 || facts.IsFieldCovered("Date")) return false;
  const Result<TimePoint> first = ParseDate(dates.front()->value);
  const bool are_equal =
      std::all_of(dates.begin() + 1, dates.end(), [&](const HeaderField* date) {
        const Result<TimePoint> other = ParseDate(date->value);
        if (first && other) return *first == *other;
        return date->Unfolded() == dates.front()->Unfolded();
      });
  if (!are_equal) return false;
  message->header.KeepFirst("Date");
  return true;
}

}  // namespace postern
