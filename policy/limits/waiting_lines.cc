#include "policy/limits/waiting_lines.h"

#include <algorithm>

namespace postern {
namespace {

// Each that stands apart is a line of its own.
std::string KeyOf(const WaitingHold& hold) {
  return hold.rule.empty() ? hold.id : hold.key;
}

}  // namespace

void WaitingLines::Join(const WaitingHold& hold, TimePoint at) {
  const std::lock_guard lock(mutex_);
  Remove(hold.id);
  const Name name{hold.rule, KeyOf(hold)};
  const Place place{hold.since, hold.id};
  const auto [found, is_new] = lines_.try_emplace(name, Line{.at = at});
  Line& line = found->second;
  line.at = std::min(line.at, at);
  line.holds.emplace(place, hold);
  line.cost += hold.cost;
  places_.emplace(hold.id, std::pair(name, place));
  is_empty_ = false;
}

void WaitingLines::Stay(const WaitingHold& hold, TimePoint at) {
  Join(hold, at);
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(Name(hold.rule, KeyOf(hold)));
  if (line == lines_.end()) return;
  if (line->second.holds.begin()->second.id == hold.id) line->second.at = at;
}

void WaitingLines::Await(std::string_view rule, std::string_view key,
                         TimePoint at) {
  const std::lock_guard lock(mutex_);
  const auto line = lines_.find(Name(rule, key));
  if (line != lines_.end()) line->second.at = at;
}

void WaitingLines::Leave(const std::string& id) {
  const std::lock_guard lock(mutex_);
  Remove(id);
}

void WaitingLines::Remove(const std::string& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return;
  const auto& [name, place] = found->second;
  const auto line = lines_.find(name);
  const auto hold = line->second.holds.find(place);
  if (hold == line->second.holds.begin()) line->second.at = {};
  line->second.cost -= hold->second.cost;
  line->second.holds.erase(hold);
  if (line->second.holds.empty()) lines_.erase(line);
  places_.erase(found);
  is_empty_ = places_.empty();
}

std::optional<WaitingHold> WaitingLines::Due(TimePoint now) const {
  const std::lock_guard lock(mutex_);
  const Line* due = nullptr;
  for (const auto& [name, line] : lines_) {
    if (line.at > now) continue;
    if (due == nullptr || line.holds.begin()->first < due->holds.begin()->first)
      due = &line;
  }
  if (due == nullptr) return std::nullopt;
  return due->holds.begin()->second;
}

std::optional<TimePoint> WaitingLines::NextLook() const {
  const std::lock_guard lock(mutex_);
  std::optional<TimePoint> next;
  for (const auto& [name, line] : lines_)
    next = std::min(next.value_or(line.at), line.at);
  return next;
}

std::optional<WaitingLines::Ahead> WaitingLines::AheadOf(
    std::string_view rule, std::string_view key) const {
  if (is_empty_) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto found = lines_.find(Name(rule, key));
  if (found == lines_.end()) return std::nullopt;
  const Line& line = found->second;
  return Ahead{line.at, line.cost - line.holds.begin()->second.cost};
}

}  // namespace postern
