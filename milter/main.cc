// postern SUBCOMMAND: the whole program. Each subcommand lives in desk/.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "milter/desk/desk.h"

int main(int argc, char** argv) {
  CLI::App program{"Postern, an outbound gate for mail servers.", "postern"};
  program.require_subcommand(1);
  int status = 0;
  postern::AddCommands(program, &status);
  CLI11_PARSE(program, argc, argv);
  return status;
}
