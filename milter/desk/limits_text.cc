#include "milter/desk/limits_text.h"

#include <time.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/hold_text.h"
#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/config/limit_overrides.h"
#include "policy/config/values.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;

// Rounded up: it is free by then.
std::string TimeText(TimePoint time) {
  return Timestamp(std::chrono::ceil<std::chrono::seconds>(time));
}

TimePoint TimeOf(const std::string& text) {
  tm broken_down{};
  if (strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &broken_down) == nullptr)
    return {};
  return std::chrono::system_clock::from_time_t(timegm(&broken_down));
}

int PercentOf(const LimitUse::Rate& rate) {
  const double burst =
      static_cast<double>(std::max<std::int64_t>(rate.rate.burst, 1));
  return static_cast<int>(100 * static_cast<double>(rate.used) / burst);
}

// "11-22 07:45Z": the year is this one or the next.
std::string ShortTime(TimePoint time) {
  const std::string text = TimeText(time);
  return text.size() < 16 ? text
                          : text.substr(5, 5) + " " + text.substr(11, 5) + "Z";
}

std::string DurationText(std::chrono::nanoseconds duration) {
  const auto seconds = std::max<std::int64_t>(
      std::chrono::ceil<std::chrono::seconds>(duration).count(), 0);
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{} min", (seconds + 59) / 60);
  if (seconds < 2 * 86'400) return fmt::format("{} h", (seconds + 3599) / 3600);
  return fmt::format("{} d", (seconds + 86'399) / 86'400);
}

std::string RateLine(const LimitUse::Rate& rate, TimePoint now) {
  std::string line =
      fmt::format("  {}: {} of {} used ({} %)", FormatRate(rate.rate),
                  rate.used, rate.rate.burst, PercentOf(rate));
  if (rate.used == 0) return line + "\n";
  const std::chrono::nanoseconds unit =
      std::chrono::nanoseconds(rate.rate.period) /
      std::max<std::int64_t>(rate.rate.count, 1);
  line += fmt::format(
      "; one frees each {}, all in {}",
      unit < std::chrono::seconds(1) ? "second or sooner" : DurationText(unit),
      DurationText(rate.free_at - now));
  return line + "\n";
}

// Null: none.
const LimitOverride* OverrideOf(const LimitRule& rule, const std::string& key) {
  return rule.all_overrides ? rule.all_overrides->Find(key) : nullptr;
}

// Which rates hold, where they are not the rule's own.
std::string OverrideText(const LimitRule& rule, const std::string& key) {
  const LimitOverride* other = OverrideOf(rule, key);
  if (other == nullptr) return {};
  const LimitOverrides::Place place = rule.all_overrides->PlaceOf(other);
  return fmt::format(
      "  an override holds: {}\n    ({})\n",
      TerminalText(FormatLimitOverride(*other)),
      place.file.empty()
          ? "the limit's overrides"
          : fmt::format("{}, line {}", TerminalText(place.file), place.line));
}

std::string_view OverText(LimitOver over) {
  switch (over) {
    case LimitOver::kAuto:
      return "relays are deferred, mail of logins and local users is held";
    case LimitOver::kDefer:
      return "mail is deferred";
    case LimitOver::kHold:
      return "mail is held";
    case LimitOver::kReject:
      return "mail is rejected";
    case LimitOver::kObserve:
      return "it is only observed";
  }
  return "";
}

std::string_view CostText(LimitCost cost) {
  switch (cost) {
    case LimitCost::kMessages:
      return "messages";
    case LimitCost::kRecipients:
      return "recipients";
    case LimitCost::kNewRecipients:
      return "new recipients";
    case LimitCost::kNewRecipientDomains:
      return "new recipient domains";
    case LimitCost::kBytes:
      return "octets";
    case LimitCost::kLinkDomains:
      return "domains of links";
  }
  return "";
}

// What the rule says, in words.
std::string RuleText(const LimitRule& rule) {
  std::vector<std::string> own;
  for (const LimitRate& rate : rule.rates) own.push_back(FormatRate(rate));
  std::string text =
      fmt::format("Limit {} counts {}", rule.name, CostText(rule.cost));
  if (rule.warm_up != nullptr)
    own.emplace_back("what its warm-up admits today (postern limits warm-ups)");
  if (!own.empty())
    text +=
        fmt::format(": {}. Over it, {}.", Join(own, ", "), OverText(rule.over));
  else
    text += ".";
  if (rule.per_message > 0)
    text += fmt::format(
        " One message may have {}; what has more {}.", rule.per_message,
        rule.over == LimitOver::kObserve ? "is only observed" : "is rejected");
  return Wrapped("", text);
}

}  // namespace

Json LimitUseJson(const LimitUse& use) {
  Json json = {{"rule", use.rule}, {"key", use.key}};
  json["rates"] = Json::array();
  for (const LimitUse::Rate& rate : use.rates)
    json["rates"].push_back({{"rate", FormatRate(rate.rate)},
                             {"count", rate.rate.count},
                             {"period_seconds", rate.rate.period.count()},
                             {"burst", rate.rate.burst},
                             {"used", rate.used},
                             {"free_at", TimeText(rate.free_at)}});
  json["reserved"] = use.reserved;
  json["granted"] = use.granted;
  json["grant_expires_at"] =
      use.grant_expires_at ? Json(TimeText(*use.grant_expires_at)) : Json();
  return json;
}

Result<LimitUse> LimitUseOf(const Json& json) {
  try {
    LimitUse use{.rule = json.at("rule").get<std::string>(),
                 .key = json.at("key").get<std::string>()};
    for (const Json& rate : json.at("rates"))
      use.rates.push_back(
          {.rate = {.count = rate.at("count").get<std::int64_t>(),
                    .period = std::chrono::seconds(
                        rate.at("period_seconds").get<std::int64_t>()),
                    .burst = rate.at("burst").get<std::int64_t>()},
           .used = rate.at("used").get<std::int64_t>(),
           .free_at = TimeOf(rate.at("free_at").get<std::string>())});
    use.reserved = json.at("reserved").get<std::int64_t>();
    use.granted = json.at("granted").get<std::int64_t>();
    if (json.at("grant_expires_at").is_string())
      use.grant_expires_at =
          TimeOf(json.at("grant_expires_at").get<std::string>());
    return use;
  } catch (const std::exception& error) {
    return Fail(error.what());
  }
}

Json LimitOverrideJson(const LimitRule& rule, const std::string& key) {
  const LimitOverride* other = OverrideOf(rule, key);
  if (other == nullptr) return {};
  const LimitOverrides::Place place = rule.all_overrides->PlaceOf(other);
  Json json = {{"pattern", other->pattern},
               {"rates", Json::array()},
               {"file", place.file.empty() ? Json() : Json(place.file)},
               {"line", place.file.empty() ? Json() : Json(place.line)}};
  for (const LimitRate& rate : other->rates)
    json["rates"].push_back(FormatRate(rate));
  return json;
}

std::optional<TimePoint> RefusedAt(const Json& json) {
  const auto found = json.find("refused_at");
  if (found == json.end() || !found->is_string()) return std::nullopt;
  return TimeOf(found->get<std::string>());
}

std::string LimitTable(std::span<const LimitUse> uses) {
  std::string table =
      fmt::format("{} {} {:>18} {:<13} {}\n", Column("LIMIT", 14),
                  Column("KEY", 24), "USED", "FREE AT", "GRANT");
  for (const LimitUse& use : uses) {
    const auto fullest = std::max_element(use.rates.begin(), use.rates.end(),
                                          [](const auto& a, const auto& b) {
                                            return PercentOf(a) < PercentOf(b);
                                          });
    const bool has_rate = fullest != use.rates.end();
    const std::string used =
        has_rate ? fmt::format("{}/{} {:>3}%", fullest->used,
                               fullest->rate.burst, PercentOf(*fullest))
                 : "-";
    std::string line = fmt::format(
        "{} {} {:>18} {:<13} {}", Column(TerminalText(use.rule), 14),
        Column(TerminalText(use.key), 24), used,
        has_rate ? ShortTime(fullest->free_at) : "-",
        use.granted > 0 ? std::to_string(use.granted) : "");
    line.erase(line.find_last_not_of(' ') + 1);
    table += line + "\n";
  }
  return table;
}

std::string LimitText(const LimitRule& rule, const LimitUse& use,
                      std::optional<TimePoint> refused_at, TimePoint now) {
  std::string text = RuleText(rule);
  text += fmt::format("\nFor {}:\n", TerminalText(use.key));
  text += OverrideText(rule, use.key);
  if (use.rates.empty())
    text += rule.rates.empty() && rule.warm_up == nullptr
                ? "  nothing is counted: each message stands alone\n"
                : "  nothing of it is used\n";
  for (const LimitUse::Rate& rate : use.rates) text += RateLine(rate, now);
  if (use.reserved > 0)
    text +=
        fmt::format("  {} messages are under way, and counted\n", use.reserved);
  if (use.granted > 0 && use.grant_expires_at)
    text += fmt::format("  a grant pays for {} more until {}\n", use.granted,
                        TimeText(*use.grant_expires_at));
  text += refused_at
              ? fmt::format("  last refused at {}\n", TimeText(*refused_at))
              : std::string(
                    "  not refused since the daemon started, as far "
                    "as it remembers\n");
  return text;
}

}  // namespace postern
