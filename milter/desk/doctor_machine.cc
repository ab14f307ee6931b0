// This host: the clock, the state directory, the milter socket.

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/base/ip_address.h"
#include "policy/base/text.h"
#include "policy/holds/held_store.h"

namespace postern {
namespace {

constexpr const char* kService = "postern";  // the user of the unit

// Read only: no mode is set. Whether the time is right cannot be seen from
// here; whether anything keeps it right can.
void ExamineClock(Visit* visit) {
  timex state{};
  const bool is_told = ntp_adjtime(&state) >= 0;
  const bool is_kept = is_told && (state.status & STA_UNSYNC) == 0;
  visit->Add({"clock", "kernel", is_kept ? Health::kOk : Health::kWarn,
              is_kept   ? "synchronised"
              : is_told ? "nothing keeps it synchronised; a wrong Date is "
                          "refused"
                        : "the kernel does not tell whether it is synchronised",
              is_kept ? "" : "apt install chrony, then: chronyc tracking"});
}

void ExamineSpace(const std::string& directory, Visit* visit) {
  struct statvfs space{};
  if (statvfs(directory.c_str(), &space) != 0) return;
  constexpr std::uint64_t kMebi = 1 << 20;
  const std::uint64_t free_mib =
      static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize / kMebi;
  Health outcome = Health::kOk;
  if (free_mib < 1024) outcome = Health::kWarn;
  if (free_mib < 100) outcome = Health::kFail;
  visit->Add({"free-space", directory, outcome,
              fmt::format("{} MiB free for held messages", free_mib),
              outcome == Health::kOk
                  ? ""
                  : "make room, or move state_directory to a larger disk"});
}

void ExamineHeld(const std::string& directory, Visit* visit) {
  std::error_code code;
  std::filesystem::directory_iterator entry(HoldsDirectory(directory), code);
  std::size_t held = 0;
  for (; !code && entry != std::filesystem::directory_iterator();
       entry.increment(code))
    if (entry->is_directory(code) || entry->path().extension() == ".json")
      ++held;
  if (code) return;  // nothing was ever held
  constexpr std::size_t kMany = 1000;
  const bool is_many = held > kMany;
  visit->Add({"held", HoldsDirectory(directory),
              is_many ? Health::kWarn : Health::kOk,
              fmt::format("{} messages wait", held),
              is_many ? "postern held list; then release or drop" : ""});
}

void ExamineState(Visit* visit) {
  const std::string& directory = visit->config.state_directory;
  struct stat status{};
  const std::string make =
      fmt::format("install -d -m 0700 -o {0} -g {0} {1}", kService, directory);
  if (stat(directory.c_str(), &status) != 0) {
    visit->Add({"state-directory", directory, Health::kWarn,
                std::string("not there yet: ") + std::strerror(errno), make});
    return;
  }
  if (!S_ISDIR(status.st_mode) ||
      access(directory.c_str(), R_OK | W_OK | X_OK) != 0) {
    visit->Add({"state-directory", directory, Health::kFail,
                "cannot be written to by this user",
                "run the doctor as root or as the user of the service; else: " +
                    make});
    return;
  }
  const bool is_open = (status.st_mode & (S_IRWXO | S_IWGRP)) != 0;
  visit->Add({"state-directory", directory,
              is_open ? Health::kWarn : Health::kOk,
              is_open ? "held mail can be read or changed by other users"
                      : "can be written to",
              is_open ? "chmod 0700 " + directory : ""});
  ExamineSpace(directory, visit);
  ExamineHeld(directory, visit);
}

bool Listens(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, path.data(), path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return false;
  const bool is_taken =
      connect(probe, reinterpret_cast<const sockaddr*>(&address),
              sizeof address) == 0;
  close(probe);
  return is_taken;
}

void ExamineUnixSocket(const std::string& path, Visit* visit) {
  const std::filesystem::path folder =
      std::filesystem::path(path).parent_path();
  struct stat status{};
  if (stat(folder.c_str(), &status) != 0) {
    visit->Add({"socket", path, Health::kWarn,
                "the folder " + folder.string() + " is not there yet",
                fmt::format("install -d -m 2750 -o {} -g MTA {} with the MTA's "
                            "group, or start the service",
                            kService, folder.string())});
    return;
  }
  if (!Listens(path)) {
    visit->Add({"socket", path, Health::kWarn, "nobody listens",
                "systemctl start postern"});
  } else {
    visit->Add({"socket", path, Health::kOk, "listens", ""});
  }
  constexpr unsigned kOthers = 0006;
  if ((visit->config.milter.socket_mode & kOthers) != 0)
    visit->Add({"socket-mode", path, Health::kWarn,
                "every user of this host may connect and have mail signed",
                "socket_mode = \"0660\" in [milter], and the MTA's user in the "
                "group of the socket"});
}

void ExamineSocket(Visit* visit) {
  const std::string& socket = visit->config.milter.socket;
  const std::size_t colon = socket.find(':');
  const std::string kind = socket.substr(0, colon);
  const std::string place = socket.substr(colon + 1);
  if (kind == "unix" || kind == "local") return ExamineUnixSocket(place, visit);
  const std::string host = place.substr(place.find('@') + 1);
  const auto address = IpAddress::Parse(host);
  const bool is_local = host == "localhost" || host == "::1" ||
                        (address && address->ToString().starts_with("127."));
  visit->Add({"socket", socket, is_local ? Health::kOk : Health::kWarn,
              is_local ? "reached from this host only"
                       : "whoever reaches it has his mail signed",
              is_local ? "" : "use a unix socket or 127.0.0.1, or a firewall"});
}

}  // namespace

void ExamineMachine(Visit* visit) {
  ExamineSocket(visit);
  ExamineState(visit);
  ExamineClock(visit);
}

}  // namespace postern
