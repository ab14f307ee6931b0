// postern limits show|top|explain|grant|clear|warm-ups|warm-up|status: what is
// used of the limits, and what an operator does about it.
//
// Asks the running daemon, which has the counters in its memory. Without one,
// what is on disk is shown. Exit status: 0 done, 1 refused or not found, 2
// could not.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "milter/desk/limits_call.h"
#include "milter/desk/limits_text.h"
#include "milter/desk/terminal_text.h"
#include "milter/desk/warm_up_desk.h"
#include "policy/base/text.h"
#include "policy/config/values.h"
#include "policy/limits/counter_store.h"
#include "policy/limits/embedded_limiter.h"
#include "policy/limits/limit_key.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;

// What the daemon has; what is on disk when it does not run.
std::expected<Json, int> Uses(const LimitsDesk& desk,
                              const Limiter::UseFilter& filter) {
  std::expected<Json, int> answer = AskForLimits(desk, {{"ask", "limits-show"},
                                                        {"rule", filter.rule},
                                                        {"key", filter.key},
                                                        {"most", filter.most}});
  if (!answer) return std::unexpected(answer.error());
  if (!answer->is_null()) return answer->at("uses");
  if (!desk.config.redis.server.empty())
    return std::unexpected(ComplainOfLimits(
        kLimitsCouldNot,
        fmt::format("the daemon does not run, and the counters are in the "
                    "Redis at {}: start it to see them",
                    desk.config.redis.server)));
  if (!CounterStore::Exists(LimitsDirectory(desk.config.state_directory))) {
    ComplainOfLimits(kLimitsDone,
                     "the daemon does not run, and nothing is counted yet");
    return Json::array();
  }
  const auto limiter = EmbeddedLimiter::Peek(
      LimitsDirectory(desk.config.state_directory), desk.clock);
  if (!limiter)
    return std::unexpected(ComplainOfLimits(
        kLimitsCouldNot,
        "the daemon does not run, and " + limiter.error().message));
  const auto stored = (*limiter)->Show(filter);
  if (!stored)
    return std::unexpected(
        ComplainOfLimits(kLimitsCouldNot, stored.error().message));
  ComplainOfLimits(kLimitsDone,
                   "the daemon does not run; this is what is on disk");
  Json uses = Json::array();
  for (const LimitUse& use : *stored) uses.push_back(LimitUseJson(use));
  return uses;
}

int Show(const LimitsDesk& desk) {
  const auto uses = Uses(
      desk, {desk.options.rule, ToLower(desk.options.key), desk.options.most});
  if (!uses) return uses.error();
  std::vector<LimitUse> table;
  for (const Json& json : *uses) {
    if (desk.options.is_json) fmt::print("{}\n", WrittenJson(json));
    const Result<LimitUse> use = LimitUseOf(json);
    if (!use) return ComplainOfLimits(kLimitsCouldNot, use.error().message);
    table.push_back(*use);
  }
  if (!desk.options.is_json) fmt::print("{}", LimitTable(table));
  return kLimitsDone;
}

// Null: complained.
const LimitRule* RuleNamed(const LimitsDesk& desk) {
  std::vector<std::string> names;
  for (const LimitRule& rule : desk.config.limits_in_force) {
    if (rule.name == desk.options.rule) return &rule;
    names.push_back(rule.name);
  }
  ComplainOfLimits(kLimitsRefused,
                   fmt::format("{}: no such limit; there are: {}",
                               TerminalText(desk.options.rule),
                               names.empty() ? "none" : Join(names, ", ")));
  return nullptr;
}

// As it is counted; nullopt: complained.
std::optional<std::string> KeyOf(const LimitsDesk& desk,
                                 const LimitRule& rule) {
  const Result<std::string> key = KeyAsCounted(rule, desk.options.key);
  if (key) return *key;
  ComplainOfLimits(kLimitsRefused, key.error().message);
  return std::nullopt;
}

int Explain(const LimitsDesk& desk) {
  const LimitRule* rule = RuleNamed(desk);
  if (rule == nullptr) return kLimitsRefused;
  const std::optional<std::string> key = KeyOf(desk, *rule);
  if (!key) return kLimitsRefused;
  const auto uses = Uses(desk, {rule->name, *key, 10'000});
  if (!uses) return uses.error();
  LimitUse found{.rule = rule->name, .key = *key};
  Json json = LimitUseJson(found);
  for (const Json& candidate : *uses)
    if (candidate.value("key", "") == *key) json = candidate;
  json["override"] = LimitOverrideJson(*rule, *key);
  if (desk.options.is_json) {
    fmt::print("{}\n", WrittenJson(json));
    return kLimitsDone;
  }
  const Result<LimitUse> use = LimitUseOf(json);
  if (!use) return ComplainOfLimits(kLimitsCouldNot, use.error().message);
  fmt::print("{}", LimitText(*rule, *use, RefusedAt(json), desk.clock.Now()));
  return kLimitsDone;
}

int Change(const LimitsDesk& desk, const std::string& key, Json request) {
  request["rule"] = desk.options.rule;
  request["key"] = key;
  return ChangeLimits(desk, std::move(request));
}

int Grant(const LimitsDesk& desk) {
  const LimitRule* rule = RuleNamed(desk);
  if (rule == nullptr) return kLimitsRefused;
  const std::optional<std::string> key = KeyOf(desk, *rule);
  if (!key) return kLimitsRefused;
  if (rule->rates.empty() && rule->warm_up == nullptr)
    return ComplainOfLimits(
        kLimitsRefused,
        fmt::format("limit {} counts each message alone: nothing can be "
                    "granted in advance",
                    rule->name));
  const auto lasting = ParseDuration(desk.options.lasting);
  if (!lasting || *lasting < std::chrono::seconds(1))
    return ComplainOfLimits(kLimitsRefused,
                            "--for is a time such as 30min, 2h or 7d");
  const int status = Change(
      desk, *key,
      {{"ask", "limits-grant"},
       {"units", desk.options.units},
       {"seconds",
        std::chrono::duration_cast<std::chrono::seconds>(*lasting).count()}});
  if (status == kLimitsDone && !desk.options.is_json)
    fmt::print("{} {}: {} more within {}\n", rule->name, TerminalText(*key),
               desk.options.units, FormatDuration(*lasting));
  return status;
}

// What the configuration no longer has, and an alarm, may be cleared too.
int Clear(const LimitsDesk& desk) {
  const auto& rules = desk.config.limits_in_force;
  const auto rule =
      std::ranges::find(rules, desk.options.rule, &LimitRule::name);
  const std::optional<std::string> key =
      rule == rules.end() ? ToLower(desk.options.key) : KeyOf(desk, *rule);
  if (!key) return kLimitsRefused;
  const int status = Change(desk, *key, {{"ask", "limits-clear"}});
  if (status == kLimitsDone && !desk.options.is_json)
    fmt::print("{} {}: cleared\n", TerminalText(desk.options.rule),
               TerminalText(*key));
  return status;
}

// "warned_80 3, held 1": what happened at a limit since the daemon started.
std::string CountsText(const Json& counts) {
  std::vector<std::string> words;
  for (const auto& [name, count] : counts.items())
    if (count != 0)
      words.push_back(fmt::format("{} {}", name, count.get<std::uint64_t>()));
  return words.empty() ? "-" : Join(words, ", ");
}

int Status(const LimitsDesk& desk) {
  const auto answer = AskRunningDaemon(desk, {{"ask", "limits-status"}});
  if (!answer) return answer.error();
  Json status = answer->at("status");
  const Json limits = answer->value("limits", Json::object());
  if (desk.options.is_json) {
    status["limits"] = limits;
    fmt::print("{}\n", WrittenJson(status));
    return kLimitsDone;
  }
  for (const auto& [name, value] : status.items())
    fmt::print("{} {}\n", Column(TerminalText(name), 22),
               TerminalText(value.get<std::string>()));
  for (const auto& [rule, counts] : limits.items())
    fmt::print("{} {}\n", Column(TerminalText("limit " + rule), 22),
               CountsText(counts));
  return kLimitsDone;
}

int Run(const LimitsOptions& options, int (*work)(const LimitsDesk&)) {
  std::expected<Config, int> config = ReadOrReport(options.config_file);
  if (!config) return kLimitsCouldNot;
  try {
    return work(LimitsDesk{.config = std::move(*config), .options = options});
  } catch (const std::exception& error) {
    return ComplainOfLimits(kLimitsCouldNot, error.what());
  }
}

struct Work {
  const char* name;
  const char* summary;
  int (*run)(const LimitsDesk&);
};

void AddArguments(const Work& work, CLI::App* command, LimitsOptions* options) {
  if (work.run == Show) {
    command->add_option("--rule", options->rule, "Of this limit only");
    command->add_option("--key", options->key, "Keys that contain this");
    command->add_option("-n", options->most, "At most so many")
        ->check(CLI::Range(1, 10'000));
    return;
  }
  if (work.run == Status || work.run == ShowWarmUps) return;
  if (work.run == StartWarmUp) {
    command->add_option("name", options->rule, "The warm-up's name")
        ->required();
    command
        ->add_option("of", options->words,
                     "One egress or domain, else all; and \"pause DURATION\", "
                     "when receivers push back")
        ->expected(0, 3);
    command->add_option("--receiver", options->receiver, "Before this alone");
    command->add_option("--day", options->day, "At this day of its schedule")
        ->capture_default_str();
    command->add_option("--reason", options->reason, "For the audit log")
        ->required();
    return;
  }
  command->add_option("rule", options->rule, "The limit's name")->required();
  command->add_option("key", options->key, "As in login=alice")->required();
  if (work.run == Grant) {
    command->add_option("units", options->units, "How much more may go, once")
        ->required();
    command->add_option("--for", options->lasting, "How long: 30min, 2h, 7d")
        ->required();
  }
  if (work.run != Explain)
    command->add_option("--reason", options->reason, "For the audit log")
        ->required();
}

}  // namespace

void AddLimitsCommand(CLI::App& program, int* status) {
  constexpr std::array<Work, 8> kWorks = {{
      {"show", "List what is used, the fullest first", Show},
      {"top", "The ten that are fullest", Show},
      {"explain", "Say in words how one key stands", Explain},
      {"grant", "Let so much more go, once", Grant},
      {"clear", "Forget what was counted for a key", Clear},
      {"warm-ups", "How far each warm-up is", ShowWarmUps},
      {"warm-up", "Begin a warm-up now, or pause it", StartWarmUp},
      {"status", "How the counters are kept, what a crash would lose", Status},
  }};
  CLI::App* limits = program.add_subcommand("limits", "How much may go");
  limits->require_subcommand(1);
  const auto options = std::make_shared<LimitsOptions>();
  limits->add_option("--config", options->config_file, "Configuration file")
      ->capture_default_str();
  limits->add_flag("--json", options->is_json, "One JSON object per line");
  for (const Work& work : kWorks) {
    CLI::App* command = limits->add_subcommand(work.name, work.summary);
    command->fallthrough();
    AddArguments(work, command, options.get());
    const bool is_top = std::string_view(work.name) == "top";
    command->callback([options, status, is_top, command, run = work.run] {
      if (is_top && command->count("-n") == 0) options->most = 10;
      *status = Run(*options, run);
    });
  }
}

}  // namespace postern
