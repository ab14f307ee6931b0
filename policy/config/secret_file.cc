#include "policy/config/secret_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/config/files.h"

namespace postern {
namespace {

constexpr std::size_t kLeastOctets = 16;
constexpr std::size_t kMostOctets = 512;
constexpr std::size_t kMostSecrets = 16;

Result<void> RequireSafe(const std::string& path) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0)
    return Fail(
        fmt::format("{}: {}; `postern bounce --new-secret {}` makes one", path,
                    std::strerror(errno), path));
  if ((status.st_mode & S_IRWXO) != 0)
    return Fail(fmt::format("{}: open to everybody on this host; chmod 640 {}",
                            path, path));
  return {};
}

}  // namespace

Result<std::vector<std::string>> ReadSecretFile(const std::string& path) {
  const Result<void> safe = RequireSafe(path);
  if (!safe) return std::unexpected(safe.error());
  const Result<std::string> text = ReadTextFile(path);
  if (!text) return std::unexpected(text.error());
  std::vector<std::string> secrets;
  int number = 0;
  for (const std::string_view raw : Split(*text, '\n')) {
    ++number;
    const std::string_view line = Trim(raw);
    if (line.empty() || line.front() == '#') continue;
    if (line.size() < kLeastOctets || line.size() > kMostOctets)
      return Fail(fmt::format("{}:{}: a secret has {} to {} octets", path,
                              number, kLeastOctets, kMostOctets));
    if (secrets.size() == kMostSecrets)
      return Fail(fmt::format("{}:{}: more than {} secrets; delete the oldest",
                              path, number, kMostSecrets));
    secrets.emplace_back(line);
  }
  if (secrets.empty())
    return Fail(fmt::format(
        "{}: no secret in it; `postern bounce --new-secret {}` makes one", path,
        path));
  return secrets;
}

}  // namespace postern
