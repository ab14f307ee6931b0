// postern limits show|top|explain|grant|clear|status: what is used of the
// limits, and what an operator does about it.
//
// Asks the running daemon, which has the counters in its memory. Without one,
// what is on disk is shown. Exit status: 0 done, 1 refused or not found, 2
// could not.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "milter/admin_socket.h"
#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "milter/desk/limits_text.h"
#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"
#include "policy/config/values.h"
#include "policy/limits/embedded_limiter.h"

namespace postern {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kCouldNot = 2;

struct Options {
  std::string config_file = std::string(kConfigFile);
  bool is_json = false;
  std::string rule, key, lasting, reason;
  std::int64_t units = 0;
  std::size_t most = 1'000;
};

struct Desk {
  Config config;
  const Options& options;
  SystemClock clock;
};

int Complain(int status, std::string_view message) {
  fmt::print(stderr, "postern limits: {}\n", message);
  return status;
}

// Octets that are no UTF-8 are replaced: an operator's shell gave them.
std::string Written(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The daemon's answer; null: it does not run. Or the exit status.
std::expected<Json, int> Ask(const Desk& desk, const Json& request) {
  const auto answer =
      AskDaemon(AdminSocketFile(desk.config.state_directory), Written(request));
  if (!answer)
    return std::unexpected(Complain(kCouldNot, answer.error().message));
  if (!*answer) return Json();
  Json json = Json::parse(**answer, nullptr, false);
  if (!json.is_object())
    return std::unexpected(Complain(kCouldNot, "the daemon made no sense"));
  if (json.value("ok", false)) return json;
  return std::unexpected(
      Complain(json.value("status", kCouldNot),
               TerminalText(json.value("error", "the daemon gave no reason"))));
}

int NotRunning(const Desk& desk) {
  return Complain(kCouldNot,
                  fmt::format("the daemon does not run: nobody listens at {}; "
                              "start it to change what it counts",
                              AdminSocketFile(desk.config.state_directory)));
}

// What the daemon has; what is on disk when it does not run.
std::expected<Json, int> Uses(const Desk& desk,
                              const Limiter::UseFilter& filter) {
  std::expected<Json, int> answer = Ask(desk, {{"ask", "limits-show"},
                                               {"rule", filter.rule},
                                               {"key", filter.key},
                                               {"most", filter.most}});
  if (!answer) return std::unexpected(answer.error());
  if (!answer->is_null()) return answer->at("uses");
  const auto limiter = EmbeddedLimiter::Peek(
      LimitsDirectory(desk.config.state_directory), desk.clock);
  if (!limiter)
    return std::unexpected(Complain(
        kCouldNot, "the daemon does not run, and " + limiter.error().message));
  const auto stored = (*limiter)->Show(filter);
  if (!stored)
    return std::unexpected(Complain(kCouldNot, stored.error().message));
  Complain(kDone, "the daemon does not run; this is what is on disk");
  Json uses = Json::array();
  for (const LimitUse& use : *stored) uses.push_back(LimitUseJson(use));
  return uses;
}

int Show(const Desk& desk) {
  const auto uses =
      Uses(desk, {desk.options.rule, desk.options.key, desk.options.most});
  if (!uses) return uses.error();
  std::vector<LimitUse> table;
  for (const Json& json : *uses) {
    if (desk.options.is_json) fmt::print("{}\n", Written(json));
    const Result<LimitUse> use = LimitUseOf(json);
    if (!use) return Complain(kCouldNot, use.error().message);
    table.push_back(*use);
  }
  if (!desk.options.is_json) fmt::print("{}", LimitTable(table));
  return kDone;
}

// Null: complained.
const LimitRule* RuleNamed(const Desk& desk) {
  std::vector<std::string> names;
  for (const LimitRule& rule : desk.config.limits) {
    if (rule.name == desk.options.rule) return &rule;
    names.push_back(rule.name);
  }
  Complain(kRefused, fmt::format("{}: no such limit; there are: {}",
                                 TerminalText(desk.options.rule),
                                 names.empty() ? "none" : Join(names, ", ")));
  return nullptr;
}

bool IsKey(const Desk& desk) {
  if (Contains(desk.options.key, "=")) return true;
  Complain(kRefused,
           "a key is written as `postern limits show` does: "
           "login=alice");
  return false;
}

int Explain(const Desk& desk) {
  const LimitRule* rule = RuleNamed(desk);
  if (rule == nullptr || !IsKey(desk)) return kRefused;
  const auto uses = Uses(desk, {rule->name, desk.options.key, 10'000});
  if (!uses) return uses.error();
  LimitUse found{.rule = rule->name, .key = desk.options.key};
  Json json = LimitUseJson(found);
  for (const Json& candidate : *uses)
    if (candidate.value("key", "") == desk.options.key) json = candidate;
  if (desk.options.is_json) {
    fmt::print("{}\n", Written(json));
    return kDone;
  }
  const Result<LimitUse> use = LimitUseOf(json);
  if (!use) return Complain(kCouldNot, use.error().message);
  fmt::print("{}", LimitText(*rule, *use, RefusedAt(json), desk.clock.Now()));
  return kDone;
}

int Change(const Desk& desk, Json request) {
  request["rule"] = desk.options.rule;
  request["key"] = desk.options.key;
  request["reason"] = desk.options.reason;
  if (const char* sudo_user = std::getenv("SUDO_USER"))
    request["sudo_user"] = sudo_user;
  const auto answer = Ask(desk, request);
  if (!answer) return answer.error();
  if (answer->is_null()) return NotRunning(desk);
  if (desk.options.is_json) fmt::print("{}\n", Written(*answer));
  return kDone;
}

int Grant(const Desk& desk) {
  if (RuleNamed(desk) == nullptr || !IsKey(desk)) return kRefused;
  const auto lasting = ParseDuration(desk.options.lasting);
  if (!lasting || *lasting < std::chrono::seconds(1))
    return Complain(kRefused, "--for is a time such as 30min, 2h or 7d");
  const int status = Change(
      desk,
      {{"ask", "limits-grant"},
       {"units", desk.options.units},
       {"seconds",
        std::chrono::duration_cast<std::chrono::seconds>(*lasting).count()}});
  if (status == kDone && !desk.options.is_json)
    fmt::print("{} {}: {} more within {}\n", TerminalText(desk.options.rule),
               TerminalText(desk.options.key), desk.options.units,
               FormatDuration(*lasting));
  return status;
}

// A limit that the configuration no longer has may be cleared too.
int Clear(const Desk& desk) {
  if (!IsKey(desk)) return kRefused;
  const int status = Change(desk, {{"ask", "limits-clear"}});
  if (status == kDone && !desk.options.is_json)
    fmt::print("{} {}: cleared\n", TerminalText(desk.options.rule),
               TerminalText(desk.options.key));
  return status;
}

int Status(const Desk& desk) {
  const auto answer = Ask(desk, {{"ask", "limits-status"}});
  if (!answer) return answer.error();
  if (answer->is_null()) return NotRunning(desk);
  const Json& status = answer->at("status");
  if (desk.options.is_json) fmt::print("{}\n", Written(status));
  for (const auto& [name, value] : status.items())
    if (!desk.options.is_json)
      fmt::print("{} {}\n", Column(TerminalText(name), 22),
                 TerminalText(value.get<std::string>()));
  return kDone;
}

int Run(const Options& options, int (*work)(const Desk&)) {
  std::expected<Config, int> config = ReadOrReport(options.config_file);
  if (!config) return kCouldNot;
  try {
    return work(Desk{.config = std::move(*config), .options = options});
  } catch (const std::exception& error) {
    return Complain(kCouldNot, error.what());
  }
}

struct Work {
  const char* name;
  const char* summary;
  int (*run)(const Desk&);
};

void AddArguments(const Work& work, CLI::App* command, Options* options) {
  if (work.run == Show) {
    command->add_option("--rule", options->rule, "Of this limit only");
    command->add_option("--key", options->key, "Keys that contain this");
    command->add_option("-n", options->most, "At most so many")
        ->check(CLI::Range(1, 10'000));
    return;
  }
  if (work.run == Status) return;
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
  constexpr std::array<Work, 6> kWorks = {{
      {"show", "List what is used, the fullest first", Show},
      {"top", "The ten that are fullest", Show},
      {"explain", "Say in words how one key stands", Explain},
      {"grant", "Let so much more go, once", Grant},
      {"clear", "Forget what was counted for a key", Clear},
      {"status", "How the counters are kept, what a crash would lose", Status},
  }};
  CLI::App* limits = program.add_subcommand("limits", "How much may go");
  limits->require_subcommand(1);
  const auto options = std::make_shared<Options>();
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
