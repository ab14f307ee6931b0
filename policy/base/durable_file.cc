#include "policy/base/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "policy/base/file_descriptor.h"
#include "policy/base/text.h"

namespace postern {
namespace {

std::unexpected<Error> Failure(const std::string& name, int reason = errno) {
  return Fail(fmt::format("{}: {}", name, std::strerror(reason)));
}

std::string DirectoryOf(const std::string& name) {
  const std::string directory = std::filesystem::path(name).parent_path();
  return directory.empty() ? "." : directory;
}

// The owner of the directory gets what root makes in it, by its descriptor: the
// owner could put something else under that name meanwhile.
Result<void> HandOver(const std::string& name, int fd) {
  struct stat directory;
  if (geteuid() != 0) return {};
  if (stat(DirectoryOf(name).c_str(), &directory) != 0 ||
      fchown(fd, directory.st_uid, directory.st_gid) != 0)
    return Failure(name);
  return {};
}

Result<void> HandOverDirectory(const std::string& name) {
  const FileDescriptor made(
      open(name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!made.is_open()) return Failure(name);
  return HandOver(name, made.get());
}

Result<void> WriteAndSync(const std::string& name, int flags,
                          std::string_view octets) {
  const FileDescriptor file(
      open(name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  if (!file.is_open()) return Failure(name);
  const Result<void> handed = HandOver(name, file.get());
  if (!handed) return handed;
  const Result<void> written = WriteAll(file.get(), octets);
  if (!written) return Fail(name + ": " + written.error().message);
  if (fsync(file.get()) != 0) return Failure(name);
  return {};
}

}  // namespace

Result<std::string> ReadWholeFile(const std::string& name) {
  const FileDescriptor file(open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return Failure(name);
  std::string octets;
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    const ssize_t taken = read(file.get(), buffer.data(), buffer.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return Failure(name);
    if (taken == 0) return octets;
    octets.append(buffer.data(), static_cast<std::size_t>(taken));
  }
}

Result<void> WriteAll(int fd, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t taken = write(fd, octets.data(), octets.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) return Fail(std::strerror(errno));
    octets.remove_prefix(static_cast<std::size_t>(taken));
  }
  return {};
}

Result<void> WriteNewFile(const std::string& name, std::string_view octets) {
  return WriteAndSync(name, O_CREAT | O_EXCL, octets);
}

Result<void> ReplaceFile(const std::string& name, std::string_view octets) {
  const std::string fresh = name + ".new-" + RandomId();
  Result<void> written = WriteNewFile(fresh, octets);
  if (written) written = Rename(fresh, name);
  if (!written) unlink(fresh.c_str());
  return written;
}

Result<void> AppendToFile(const std::string& name, std::string_view octets) {
  return WriteAndSync(name, O_CREAT | O_APPEND, octets);
}

Result<void> MakeDirectories(const std::string& name) {
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored)) return {};
  const std::string parent = DirectoryOf(name);
  if (parent != name) {
    const Result<void> made = MakeDirectories(parent);
    if (!made) return made;
  }
  if (mkdir(name.c_str(), 0700) != 0)
    // Another process may have been quicker.
    return errno == EEXIST ? Result<void>() : Failure(name);
  const Result<void> handed = HandOverDirectory(name);
  return handed ? SyncDirectory(parent) : handed;
}

Result<void> SyncDirectory(const std::string& name) {
  const FileDescriptor directory(
      open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open() || fsync(directory.get()) != 0) return Failure(name);
  return {};
}

Result<void> Rename(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) != 0) return Failure(to);
  return SyncDirectory(DirectoryOf(to));
}

}  // namespace postern
