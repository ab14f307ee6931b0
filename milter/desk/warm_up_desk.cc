#include "milter/desk/warm_up_desk.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/config/values.h"
#include "policy/limits/history/warm_up.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::seconds;

// Its ways out and domains, as the daemon calls them.
std::vector<std::string> SendersOf(const WarmUpConfig& warm_up) {
  std::vector<std::string> senders;
  for (const std::string& egress : warm_up.egress)
    senders.push_back("egress=" + ToLower(egress));
  for (const Domain& domain : warm_up.domains)
    senders.push_back("author_domain=" + domain.text());
  return senders;
}

int DaysOf(const WarmUpConfig& warm_up) {
  int days = 0;
  for (const WarmUpStep& step : warm_up.schedule) days += step.days;
  return days;
}

// How one of them stands before one receiver; no climb: it has not begun.
Json Standing(const WarmUpConfig& warm_up, const std::string& sender,
              const Json& climb) {
  Json standing = {{"warm_up", warm_up.name},
                   {"sender", sender},
                   {"receiver", climb.value("receiver", "")},
                   {"day", nullptr},
                   {"days", DaysOf(warm_up)},
                   {"messages_today", nullptr},
                   {"started_at", climb.value("started_at", Json())},
                   {"paused_until", climb.value("paused_until", Json())}};
  if (climb.empty()) return standing;
  const seconds climbed(climb.at("climbed_seconds").get<std::int64_t>());
  standing["day"] = std::chrono::floor<std::chrono::days>(climbed).count() + 1;
  if (const auto rate = WarmUpRate(warm_up.schedule, climbed))
    standing["messages_today"] = rate->count + rate->burst;
  return standing;
}

std::string StateText(const Json& standing) {
  if (standing["day"].is_null()) return "begins with its first mail";
  if (standing["messages_today"].is_null()) return "through: no limit";
  std::string text =
      fmt::format("day {} of {}, {} a day", standing["day"].get<std::int64_t>(),
                  standing["days"].get<std::int64_t>(),
                  standing["messages_today"].get<std::int64_t>());
  if (standing["paused_until"].is_string())
    text += ", paused until " + standing["paused_until"].get<std::string>();
  return text;
}

std::string Line(const Json& standing) {
  const auto receiver = standing["receiver"].get<std::string>();
  return fmt::format(
      "{} {} {} {}\n",
      Column(TerminalText(standing["warm_up"].get<std::string>()), 12),
      Column(TerminalText(standing["sender"].get<std::string>()), 26),
      Column(receiver.empty() ? "all" : TerminalText(receiver), 10),
      StateText(standing));
}

// Null: complained.
const WarmUpConfig* WarmUpNamed(const LimitsDesk& desk) {
  std::vector<std::string> names;
  for (const WarmUpConfig& warm_up : desk.config.warm_ups) {
    if (warm_up.name == desk.options.rule) return &warm_up;
    names.push_back(warm_up.name);
  }
  ComplainOfLimits(kLimitsRefused,
                   fmt::format("{}: no such warm-up; there are: {}",
                               TerminalText(desk.options.rule),
                               names.empty() ? "none" : Join(names, ", ")));
  return nullptr;
}

// Those that the operator means; none: complained.
std::vector<std::string> Chosen(const WarmUpConfig& warm_up,
                                const std::string& of) {
  std::vector<std::string> senders = SendersOf(warm_up);
  const std::string wanted = ToLower(of);
  if (wanted.empty()) return senders;
  for (const std::string& sender : senders)
    if (sender == wanted || sender.substr(sender.find('=') + 1) == wanted)
      return {sender};
  ComplainOfLimits(
      kLimitsRefused,
      fmt::format("{}: not of the warm-up {}, which has: {}", TerminalText(of),
                  warm_up.name, Join(senders, ", ")));
  return {};
}

bool IsReceiver(const LimitsDesk& desk) {
  const std::string& name = desk.options.receiver;
  if (name.empty() ||
      std::ranges::find(desk.config.receivers, name, &ReceiverProfile::name) !=
          desk.config.receivers.end())
    return true;
  ComplainOfLimits(kLimitsRefused, TerminalText(name) +
                                       ": no such receiver; the receivers are "
                                       "the files in conf/receivers");
  return false;
}

// What the words after its name say.
struct Wanted {
  std::string of;
  std::optional<seconds> pause;
};
std::optional<Wanted> WantedOf(std::span<const std::string> words) {
  Wanted wanted;
  if (!words.empty() && words.front() != "pause") {
    wanted.of = words.front();
    words = words.subspan(1);
  }
  if (words.empty()) return wanted;
  if (words.size() != 2 || words.front() != "pause") return std::nullopt;
  const auto lasting = ParseDuration(words.back());
  if (!lasting || *lasting < seconds(1)) return std::nullopt;
  wanted.pause = std::chrono::duration_cast<seconds>(*lasting);
  return wanted;
}

int PauseWarmUp(const LimitsDesk& desk, const WarmUpConfig& warm_up,
                const Wanted& wanted) {
  const std::vector<std::string> senders = Chosen(warm_up, wanted.of);
  for (const std::string& sender : senders) {
    const int status = ChangeLimits(desk, {{"ask", "limits-warm-up-pause"},
                                           {"sender", sender},
                                           {"receiver", desk.options.receiver},
                                           {"seconds", wanted.pause->count()}});
    if (status != kLimitsDone) return status;
    if (!desk.options.is_json)
      fmt::print("{} {}: stands still for {}\n", warm_up.name, sender,
                 FormatDuration(*wanted.pause));
  }
  return senders.empty() ? kLimitsRefused : kLimitsDone;
}

}  // namespace

int ShowWarmUps(const LimitsDesk& desk) {
  const auto answer = AskRunningDaemon(desk, {{"ask", "limits-warm-ups"}});
  if (!answer) return answer.error();
  std::vector<Json> standings;
  for (const WarmUpConfig& warm_up : desk.config.warm_ups) {
    for (const std::string& sender : SendersOf(warm_up)) {
      const std::size_t before = standings.size();
      for (const Json& climb : answer->at("climbs"))
        if (climb.value("sender", "") == sender)
          standings.push_back(Standing(warm_up, sender, climb));
      if (standings.size() == before)
        standings.push_back(Standing(warm_up, sender, Json::object()));
    }
  }
  if (!desk.options.is_json)
    fmt::print("{} {} {} STANDS\n", Column("WARM-UP", 12), Column("OF", 26),
               Column("BEFORE", 10));
  for (const Json& standing : standings)
    fmt::print("{}", desk.options.is_json ? WrittenJson(standing) + "\n"
                                          : Line(standing));
  return kLimitsDone;
}

int StartWarmUp(const LimitsDesk& desk) {
  const LimitsOptions& options = desk.options;
  const WarmUpConfig* warm_up = WarmUpNamed(desk);
  if (warm_up == nullptr || !IsReceiver(desk)) return kLimitsRefused;
  const auto wanted = WantedOf(options.words);
  if (!wanted)
    return ComplainOfLimits(kLimitsRefused,
                            "after the name: [EGRESS or DOMAIN] [pause "
                            "DURATION], as in pause 2h");
  if (wanted->pause) return PauseWarmUp(desk, *warm_up, *wanted);
  const int days = DaysOf(*warm_up);
  if (options.day < 1 || options.day > days + 1)
    return ComplainOfLimits(
        kLimitsRefused,
        fmt::format("--day is 1 to {}, or {} to end it", days, days + 1));
  const std::vector<std::string> senders = Chosen(*warm_up, wanted->of);
  for (const std::string& sender : senders) {
    const int status = ChangeLimits(desk, {{"ask", "limits-warm-up"},
                                           {"sender", sender},
                                           {"receiver", options.receiver},
                                           {"day", options.day}});
    if (status != kLimitsDone) return status;
    if (!options.is_json)
      fmt::print("{} {}: day {} of {} from now on\n", warm_up->name, sender,
                 options.day, days);
  }
  return senders.empty() ? kLimitsRefused : kLimitsDone;
}

}  // namespace postern
