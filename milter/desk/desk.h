// The operator's desk: one function for each subcommand.
//
// Each adds its options to the program's command line; CLI11 then calls what it
// bound, which stores the exit status in *status.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace postern {

void AddBounceCommand(CLI::App& program, int* status);
void AddCheckCommand(CLI::App& program, int* status);
void AddCheckConfigCommand(CLI::App& program, int* status);
void AddDoctorCommand(CLI::App& program, int* status);
void AddHeldCommand(CLI::App& program, int* status);
void AddKeygenCommand(CLI::App& program, int* status);
void AddLimitsCommand(CLI::App& program, int* status);
void AddPrintConfigCommand(CLI::App& program, int* status);
void AddRunCommand(CLI::App& program, int* status);
void AddSpfCommand(CLI::App& program, int* status);

// Calls every Add…Command above.
void AddCommands(CLI::App& program, int* status);

}  // namespace postern
