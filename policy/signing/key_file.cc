// Reading a private key's file, but not one that somebody else could have put
// there or could read. A device or FIFO does not block us.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "policy/base/file_descriptor.h"
#include "policy/signing/keys.h"

namespace postern {
namespace {

constexpr std::size_t kMaxFileBytes = 64 * 1024;

std::string SystemError() { return std::generic_category().message(errno); }

Result<std::string> ReadAll(int fd) {
  std::string text(kMaxFileBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = read(fd, text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Fail(SystemError());
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > kMaxFileBytes) return Fail("too long for a private key");
  text.resize(size);
  return text;
}

// Root may be asked about keys that are the daemon's, whoever that is.
bool IsTrustedOwner(uid_t owner) {
  return owner == 0 || owner == geteuid() || geteuid() == 0;
}

// Why the file is not safe; empty when it is.
std::string FileFault(const struct stat& status, const std::string& path) {
  if (!S_ISREG(status.st_mode)) return "not a regular file";
  if ((status.st_mode & S_IRWXO) != 0)
    return fmt::format("open to everybody on this host; chmod 640 {}", path);
  if ((status.st_mode & S_IWGRP) != 0)
    return fmt::format("its group may change it; chmod 640 {}", path);
  if (!IsTrustedOwner(status.st_uid))
    return fmt::format("belongs to user {}, neither root nor us; chown it",
                       status.st_uid);
  return {};
}

// A folder in which everybody may rename what he likes. The sticky bit, as of
// /tmp, keeps others' files as they are.
std::string FolderFault(std::filesystem::path folder) {
  for (;; folder = folder.parent_path()) {
    struct stat status{};
    if (stat(folder.c_str(), &status) != 0)
      return fmt::format("{}: {}", folder.string(), SystemError());
    if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0)
      return fmt::format("everybody may change its folder {}; chmod o-w {}",
                         folder.string(), folder.string());
    if (folder == folder.parent_path()) return {};
  }
}

// Both as the path is written and where links lead.
std::string FoldersFault(const std::string& path) {
  std::error_code code;
  const auto written = std::filesystem::absolute(path, code);
  if (code) return code.message();
  const auto real = std::filesystem::canonical(path, code);
  if (code) return code.message();
  std::string fault = FolderFault(written.lexically_normal().parent_path());
  if (fault.empty() && real != written) fault = FolderFault(real.parent_path());
  return fault;
}

}  // namespace

Result<std::shared_ptr<const PrivateKey>> PrivateKey::FromFile(
    const std::string& path) {
  const FileDescriptor file(
      open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status{};
  if (!file.is_open() || fstat(file.get(), &status) != 0)
    return Fail(fmt::format("{}: {}", path, SystemError()));
  std::string fault = FileFault(status, path);
  if (fault.empty()) fault = FoldersFault(path);
  if (!fault.empty()) return Fail(fmt::format("{}: {}", path, fault));
  const Result<std::string> pem = ReadAll(file.get());
  if (!pem) return Fail(fmt::format("{}: {}", path, pem.error().message));
  Result<std::shared_ptr<const PrivateKey>> key = FromText(*pem);
  if (!key) return Fail(fmt::format("{}: {}", path, key.error().message));
  return key;
}

}  // namespace postern
