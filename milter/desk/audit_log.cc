#include "milter/desk/audit_log.h"

#include <unistd.h>

#include <cstdlib>

#include <fmt/format.h>

#include "milter/desk/hold_text.h"
#include "policy/base/durable_file.h"
#include "policy/base/text.h"

namespace postern {

std::string AuditLine(TimePoint now, std::string_view deed) {
  const char* sudo_user = std::getenv("SUDO_USER");
  return fmt::format("{} uid={} sudo_user={} {}\n", Timestamp(now), getuid(),
                     sudo_user == nullptr ? "-" : EscapeForLog(sudo_user, 64),
                     deed);
}

Result<void> Audit(const std::string& state_directory,
                   const std::string& line) {
  return AppendToFile(state_directory + "/audit.log", line);
}

}  // namespace postern
