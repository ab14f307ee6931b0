// Whether Postfix can connect to Postern's socket.

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/doctor_postfix.h"
#include "milter/desk/run_program.h"
#include "policy/base/text.h"

namespace postern {
namespace {

struct User {
  uid_t id = 0;
  std::vector<gid_t> groups;
};
std::optional<User> UserNamed(const std::string& name) {
  const passwd* entry = getpwnam(name.c_str());
  if (entry == nullptr) return std::nullopt;
  int count = 64;
  User user{entry->pw_uid, std::vector<gid_t>(64)};
  if (getgrouplist(name.c_str(), entry->pw_gid, user.groups.data(), &count) < 0)
    return std::nullopt;
  user.groups.resize(static_cast<std::size_t>(count));
  return user;
}

bool Has(const User& user, const std::string& path, unsigned bits) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) return false;
  const bool is_in_group =
      std::ranges::find(user.groups, status.st_gid) != user.groups.end();
  unsigned shift = is_in_group ? 3 : 0;
  if (status.st_uid == user.id) shift = 6;
  return ((status.st_mode >> shift) & bits) == bits;
}

// connect(2) asks for write on the socket and search on every folder above.
void ExamineReach(const PostfixPatient& patient) {
  const std::string& socket = patient.visit->config.milter.socket;
  if (!socket.starts_with("unix:") && !socket.starts_with("local:")) return;
  const std::string path = socket.substr(socket.find(':') + 1);
  const std::string owner = patient.Get("mail_owner");
  const auto user = UserNamed(owner);
  struct stat status{};
  if (!user || stat(path.c_str(), &status) != 0) return;
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  for (; folder.has_relative_path(); folder = folder.parent_path())
    if (!Has(*user, folder.string(), 1))
      return patient.Say(
          "socket", Health::kFail,
          fmt::format("user {} may not enter {}", owner, folder.string()),
          fmt::format("chgrp {} {} && chmod g+x {}", owner, folder.string(),
                      folder.string()));
  if (!Has(*user, path, 2))
    return patient.Say(
        "socket", Health::kFail,
        fmt::format("user {} may not write to {}", owner, path),
        fmt::format("socket_mode = \"0660\" in [milter], and chmod g+s on the "
                    "folder with group {}",
                    owner));
  patient.Say("socket", Health::kOk, "user " + owner + " may connect", "");
}

// A chroot sees nothing outside of the queue directory.
void ExamineChroot(const PostfixPatient& patient) {
  const std::string socket = OurSocketForPostfix(patient);
  if (!socket.starts_with("unix:/")) return;
  const Result<std::string> text =
      RunProgram({kPostconf, "-c", patient.folder, "-F", "*/inet/chroot"},
                 kPostconfPatience);
  if (!text) return;
  for (const std::string_view line : Split(*text, '\n'))
    if (line.ends_with("= y"))
      return patient.Say(
          "chroot", Health::kFail,
          fmt::format("{} is on: the listener cannot see {}",
                      line.substr(0, line.find(" =")), socket.substr(5)),
          fmt::format("socket = \"unix:{}/postern/postern.sock\" in [milter]; "
                      "{} unix:postern/postern.sock",
                      patient.Get("queue_directory"), "smtpd_milters ="));
}

}  // namespace

std::string PostfixPatient::Get(std::string_view name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string() : found->second;
}

void PostfixPatient::Say(const std::string& name, Health outcome,
                         std::string detail, std::string fix) const {
  visit->Add({"postfix", name, outcome, std::move(detail), std::move(fix)});
}

std::string PostfixPatient::Write(const std::string& name,
                                  const std::string& value) const {
  return fmt::format("in {}/main.cf: {} = {}", folder, name, value);
}

std::string OurSocketForPostfix(const PostfixPatient& patient) {
  const std::string& socket = patient.visit->config.milter.socket;
  const std::string queue = patient.Get("queue_directory");
  const std::size_t colon = socket.find(':');
  const std::string kind = socket.substr(0, colon);
  const std::string place = socket.substr(colon + 1);
  if (kind == "unix" || kind == "local") {
    const bool is_inside = !queue.empty() && place.starts_with(queue + "/");
    return "unix:" + (is_inside ? place.substr(queue.size() + 1) : place);
  }
  const std::size_t at = place.find('@');
  return fmt::format("inet:{}:{}", place.substr(at + 1), place.substr(0, at));
}

void ExaminePostfixReach(const PostfixPatient& patient) {
  ExamineReach(patient);
  ExamineChroot(patient);
}

}  // namespace postern
