// postern print-config: the configuration in effect, as TOML.
//
// Exit status: 0 printed, 1 the file has faults, 2 it cannot be read.
#include <CLI/CLI.hpp>

#include <memory>
#include <string>

#include <fmt/format.h>

#include "milter/desk/config_file.h"
#include "milter/desk/desk.h"
#include "policy/config/print.h"

namespace postern {
namespace {

struct Asked {
  std::string file = std::string(kConfigFile);
  bool defaults = false;
  bool only_changed = false;
};

int PrintAsked(const Asked& asked) {
  if (asked.defaults) {
    fmt::print("{}", PrintDefaults());
    return 0;
  }
  const auto config = ReadOrReport(asked.file);
  if (!config) return config.error();
  const Extent extent = asked.only_changed ? Extent::kChanged : Extent::kAll;
  fmt::print("{}", PrintConfig(*config, extent));
  return 0;
}

}  // namespace

void AddPrintConfigCommand(CLI::App& program, int* status) {
  auto* command =
      program.add_subcommand("print-config", "Print the configuration");
  auto asked = std::make_shared<Asked>();
  command->add_option("--config", asked->file, "The file to print")
      ->capture_default_str();
  command->add_flag("--defaults", asked->defaults,
                    "Every option with its documentation and default");
  command->add_flag("-n", asked->only_changed,
                    "Only what differs from the default");
  command->callback([asked, status] { *status = PrintAsked(*asked); });
}

}  // namespace postern
