// postern run: the daemon. Exit status 2 when it cannot start, or has to stop
// without having been told to.

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "milter/daemon.h"
#include "milter/desk/desk.h"
#include "milter/signals.h"

namespace postern {
namespace {

int Run(const std::string& config_file) {
  const Result<void> caught = CatchSignals();  // before there are threads
  if (!caught) {
    std::cerr << "postern: " << caught.error().message << '\n';
    return 2;
  }
  const Result<std::unique_ptr<Daemon>> daemon = Daemon::Make(config_file);
  const Error error = daemon ? (*daemon)->Run() : daemon.error();
  std::cerr << "postern: " << error.message << '\n';
  return 2;
}

}  // namespace

void AddRunCommand(CLI::App& program, int* status) {
  CLI::App* command = program.add_subcommand("run", "Serve as a milter");
  const auto file = std::make_shared<std::string>("/etc/postern/postern.toml");
  command->add_option("--config", *file, "Configuration file")
      ->capture_default_str();
  command->callback([file, status] { *status = Run(*file); });
}

}  // namespace postern
