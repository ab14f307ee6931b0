#include "milter/desk/desk.h"

#include <CLI/CLI.hpp>

namespace postern {

void AddCommands(CLI::App& program, int* status) {
  AddRunCommand(program, status);
  AddSpfCommand(program, status);
}

}  // namespace postern
