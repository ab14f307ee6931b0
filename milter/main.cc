// postern SUBCOMMAND: the whole program. Each subcommand lives in desk/.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "milter/desk/desk.h"
#include "milter/log.h"

int main(int argc, char** argv) {
  CLI::App program{"Postern, an outbound gate for mail servers.", "postern"};
  program.set_version_flag("--version", "postern " POSTERN_VERSION);
  program.require_subcommand(1);
  postern::LogToStandardError();
  int status = 0;
  postern::AddCommands(program, &status);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    // CLI11 has a number of its own for each mistake; ours is 2.
    return program.exit(e) == 0 ? 0 : 2;
  }
  return status;
}
