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
  return AuditLine(now, {getuid(), sudo_user == nullptr ? "" : sudo_user},
                   deed);
}

std::string AuditLine(TimePoint now, const Doer& doer, std::string_view deed) {
  const std::string sudo_user =
      doer.sudo_user.empty() ? "-" : EscapeForLog(doer.sudo_user, 64);
  return fmt::format("{} uid={} sudo_user={} {}\n", Timestamp(now), doer.uid,
                     sudo_user, deed);
}

Result<void> Audit(const std::string& state_directory,
                   const std::string& line) {
  return AppendToFile(state_directory + "/audit.log", line);
}

}  // namespace postern
