#include "milter/desk/desk.h"

namespace postern {

void AddCommands(CLI::App& program, int* status) {
  AddRunCommand(program, status);
  AddCheckConfigCommand(program, status);
  AddPrintConfigCommand(program, status);
  AddHeldCommand(program, status);
}

}  // namespace postern
