// postern check-config: says whether a configuration would be taken.
//
// Exit status: 0 it would, 1 it has faults (all on standard error), 2 it cannot
// be read. The unit runs it before every start.
#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include <fmt/format.h>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"

namespace postern {
namespace {

std::string Summary(const Config& config) {
  return fmt::format(
      "mode {}; egress routes: {}; signing domains: {}; checks set: {}; "
      "limits: {}",
      ToString(config.mode), config.egress.size(),
      config.signing.domains.size(), config.checks.size(),
      config.limits.size());
}

int CheckConfig(const std::string& file) {
  const auto config = ReadOrReport(file);
  if (!config) return config.error();
  fmt::print("{}: ok: {}\n", file, Summary(*config));
  return 0;
}

}  // namespace

void AddCheckConfigCommand(CLI::App& program, int* status) {
  auto* command =
      program.add_subcommand("check-config", "Judge a configuration file");
  auto file = std::make_shared<std::string>(kConfigFile);
  command->add_option("--config", *file, "The file to judge")
      ->capture_default_str();
  command->callback([file, status] { *status = CheckConfig(*file); });
}

}  // namespace postern
