#include "milter/listener.h"

#include <fmt/format.h>
#include <libmilter/mfapi.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace postern {
namespace {

// A field of 64 KiB would otherwise end the session without a word (libmilter's
// default limit is 65,535 octets).
constexpr std::size_t kMaxPacketBytes = 1 << 20;
constexpr int kBacklog = 256;

bool IsSocketPassed() {  // sd_listen_fds(3)
  const char* count = std::getenv("LISTEN_FDS");
  const char* pid = std::getenv("LISTEN_PID");
  return count != nullptr && std::string_view(count) != "0" && pid != nullptr &&
         pid == std::to_string(getpid());
}

std::string_view UnixPath(std::string_view socket) {
  for (const std::string_view prefix : {"unix:", "local:"})
    if (socket.starts_with(prefix)) return socket.substr(prefix.size());
  return {};
}

// libmilter writes each edit and the verdict as packets of their own; by TCP
// the verdict would wait some 40 ms for the edit's acknowledgement. It does not
// name its listening socket, from which connections inherit the option.
void DoNotDelayTcp() {
  constexpr int kFarEnough = 256;
  for (int fd = 3; fd < kFarEnough; ++fd) {
    int is_listening = 0, protocol = 0;
    socklen_t size = sizeof is_listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0 ||
        getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) != 0)
      continue;
    const int yes = 1;
    if (is_listening == 1 && protocol == IPPROTO_TCP)
      (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
}

// libmilter tells its reason to syslog alone; most often it is the folder.
std::string FaultOfFolder(std::string_view path) {
  const std::string folder = std::filesystem::path(path).parent_path();
  if (folder.empty() || access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return fmt::format(": {}: {}", folder, std::strerror(errno));
}

struct FileIdentity {
  dev_t device = 0;
  ino_t inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

FileIdentity IdentityOf(const std::string& path) {
  struct stat found{};
  if (path.empty() || lstat(path.c_str(), &found) != 0) return {};
  return {found.st_dev, found.st_ino};
}

// The socket file we made. Written before the listener's thread starts.
FileIdentity g_socket_file;

}  // namespace

Result<void> OpenListener(const std::string& socket, unsigned socket_mode) {
  std::string where = IsSocketPassed() ? "fd:3" : socket;
  if (smfi_setmaxdatasize(kMaxPacketBytes) == 0)
    return Fail("libmilter refused the packet size");
  (void)smfi_setbacklog(kBacklog);
  if (smfi_setconn(where.data()) != MI_SUCCESS)
    return Fail(fmt::format("milter.socket: not a socket: \"{}\"", where));
  const mode_t before = umask(static_cast<mode_t>(~socket_mode & 0777U));
  const int opened = smfi_opensocket(true);
  umask(before);
  if (opened != MI_SUCCESS)
    return Fail(fmt::format("milter.socket: cannot listen at \"{}\"{}", where,
                            FaultOfFolder(UnixPath(where))));
  DoNotDelayTcp();
  g_socket_file = IdentityOf(std::string(UnixPath(where)));
  return {};
}

void RunListener() { (void)smfi_main(); }

void RemoveSocketFile(const std::string& socket) {
  const std::string path(UnixPath(socket));
  if (g_socket_file == FileIdentity{} || IdentityOf(path) != g_socket_file)
    return;
  (void)unlink(path.c_str());
}

}  // namespace postern
