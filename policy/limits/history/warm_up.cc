#include "policy/limits/history/warm_up.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"

namespace postern {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::string_view kFirstLine = "postern warm-up 1";

// So that a name is one word of its line, and an empty one is a word.
std::string Word(std::string_view text) {
  std::string word = "=";
  for (const char c : text) {
    const bool is_plain = c > ' ' && c < '\x7f' && c != '%';
    word += is_plain ? std::string(1, c)
                     : fmt::format("%{:02x}", static_cast<unsigned char>(c));
  }
  return word;
}

std::optional<std::string> Unword(std::string_view word) {
  if (!word.starts_with('=')) return std::nullopt;
  word.remove_prefix(1);
  std::string text;
  while (!word.empty()) {
    if (word.front() != '%') {
      text += word.front();
      word.remove_prefix(1);
      continue;
    }
    unsigned octet = 0;
    if (word.size() < 3 ||
        std::from_chars(&word[1], &word[1] + 2, octet, 16).ptr != &word[1] + 2)
      return std::nullopt;
    text += static_cast<char>(octet);
    word.remove_prefix(3);
  }
  return text;
}

std::optional<seconds> Seconds(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return seconds(number);
}

std::string Line(const WarmUpKey& key, const WarmUpClimb& climb) {
  return fmt::format(
      "{} {} {} {} {} {}\n", climb.started.time_since_epoch().count(),
      climb.paused.count(), climb.paused_from.time_since_epoch().count(),
      climb.paused_until.time_since_epoch().count(), Word(key.sender),
      Word(key.receiver));
}

std::optional<std::pair<WarmUpKey, WarmUpClimb>> Parse(std::string_view line) {
  const std::vector<std::string_view> words = Split(line, ' ');
  if (words.size() != 6) return std::nullopt;
  const auto started = Seconds(words[0]);
  const auto paused = Seconds(words[1]);
  const auto from = Seconds(words[2]);
  const auto until = Seconds(words[3]);
  const auto sender = Unword(words[4]);
  const auto receiver = Unword(words[5]);
  if (!started || !paused || !from || !until || !sender || !receiver)
    return std::nullopt;
  return {{{*sender, *receiver},
           {sys_seconds(*started), *paused, sys_seconds(*from),
            sys_seconds(*until)}}};
}

}  // namespace

seconds Climbed(const WarmUpClimb& climb, sys_seconds now) {
  const seconds pause = std::max(
      std::min(now, climb.paused_until) - climb.paused_from, seconds(0));
  return std::max(now - climb.started - climb.paused - pause, seconds(0));
}

std::optional<LimitRate> WarmUpRate(std::span<const WarmUpStep> steps,
                                    seconds climbed) {
  auto end = std::chrono::days(0);
  for (const WarmUpStep& step : steps) {
    end += std::chrono::days(step.days);
    if (climbed >= end) continue;
    // Half of it at once, the rest spread: no 24 hours see more than all.
    const std::int64_t half = step.messages / 2;
    return LimitRate{.count = std::max<std::int64_t>(half, 1),
                     .period = std::chrono::days(1),
                     .burst = std::max<std::int64_t>(step.messages - half, 1)};
  }
  return std::nullopt;
}

void Pause(sys_seconds now, sys_seconds until, WarmUpClimb* climb) {
  if (climb->paused_until >= now) {
    climb->paused_until = std::max(climb->paused_until, until);
    return;
  }
  climb->paused +=
      std::max(climb->paused_until - climb->paused_from, seconds(0));
  climb->paused_from = now;
  climb->paused_until = std::max(until, now);
}

Result<std::unique_ptr<WarmUp>> WarmUp::Open(const std::string& directory,
                                             const Clock& clock) {
  const std::string file = directory.empty() ? "" : directory + "/warm-up";
  std::unique_ptr<WarmUp> warm_up(new WarmUp(file, clock));
  if (file.empty()) return warm_up;
  const Result<void> made = MakeDirectories(directory);
  if (!made) return std::unexpected(made.error());
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return warm_up;
  const Result<std::string> text = ReadWholeFile(file);
  if (!text) return std::unexpected(text.error());
  std::vector<std::string_view> lines = Split(*text, '\n');
  bool is_sound =
      !lines.empty() && lines.front() == kFirstLine && lines.back().empty();
  for (std::size_t i = 1; is_sound && i + 1 < lines.size(); ++i) {
    auto climb = Parse(lines[i]);
    is_sound = climb.has_value();
    if (climb) warm_up->climbs_.insert(*std::move(climb));
  }
  if (!is_sound)
    return Fail(fmt::format(
        "{}: not a file of warm-ups, or of another version of Postern; move "
        "it away to begin each warm-up anew",
        file));
  return warm_up;
}

sys_seconds WarmUp::Now() const {
  return std::chrono::floor<seconds>(clock_.Now());
}

Result<void> WarmUp::Write() const {
  if (file_.empty()) return {};
  std::string text = std::string(kFirstLine) + "\n";
  for (const auto& [key, climb] : climbs_) text += Line(key, climb);
  return ReplaceFile(file_, text);
}

std::optional<LimitRate> WarmUp::RateNow(const WarmUpKey& key,
                                         std::span<const WarmUpStep> steps) {
  const std::lock_guard lock(mutex_);
  auto found = climbs_.find(key);
  if (found == climbs_.end()) {
    const auto by_hand = climbs_.find({key.sender, ""});
    const sys_seconds started =
        by_hand == climbs_.end() ? Now() : by_hand->second.started;
    if (climbs_.size() >= kMostClimbs)
      return WarmUpRate(steps, Climbed({.started = started}, Now()));
    found = climbs_.emplace(key, WarmUpClimb{.started = started}).first;
    const Result<void> written = Write();
    if (!written) spdlog::error("warm-up: {}", written.error().message);
  }
  return WarmUpRate(steps, Climbed(found->second, Now()));
}

Result<void> WarmUp::Start(const WarmUpKey& key, sys_seconds when) {
  const std::lock_guard lock(mutex_);
  if (key.receiver.empty())
    std::erase_if(climbs_, [&](const auto& climb) {
      return climb.first.sender == key.sender;
    });
  if (!climbs_.contains(key) && climbs_.size() >= kMostClimbs)
    return Fail(fmt::format("there are {} warm-ups already", kMostClimbs));
  climbs_[key] = WarmUpClimb{.started = when};
  return Write();
}

void WarmUp::PushBack(const WarmUpKey& key, TimePoint until) {
  const std::lock_guard lock(mutex_);
  const auto found = climbs_.find(key);
  if (found == climbs_.end()) return;
  Pause(Now(), std::chrono::ceil<seconds>(until), &found->second);
  const Result<void> written = Write();
  if (!written) spdlog::error("warm-up: {}", written.error().message);
}

std::map<WarmUpKey, WarmUpClimb> WarmUp::Climbs() const {
  const std::lock_guard lock(mutex_);
  return climbs_;
}

}  // namespace postern
