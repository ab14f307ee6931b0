#include "milter/desk/desk.h"

namespace postern {

void AddCommands(CLI::App& program, int* status) {
  AddBounceCommand(program, status);
  AddCheckCommand(program, status);
  AddCheckConfigCommand(program, status);
  AddPrintConfigCommand(program, status);
  AddDoctorCommand(program, status);
  AddHeldCommand(program, status);
  AddKeygenCommand(program, status);
  AddLimitsCommand(program, status);
  AddRunCommand(program, status);
  AddSpfCommand(program, status);
}

}  // namespace postern
