#include "policy/config/files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace postern {

Result<std::string> ReadTextFile(const std::string& path) {
  constexpr std::streamsize kMaxBytes = std::streamsize{1} << 20;
  std::error_code code;
  const auto kind = std::filesystem::status(path, code).type();
  // A status that cannot be had says why; a pipe or device would block us.
  if (code) return Fail(fmt::format("{}: {}", path, code.message()));
  if (kind != std::filesystem::file_type::regular)
    return Fail(fmt::format("{}: not a regular file", path));
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(fmt::format("{}: {}", path, std::strerror(errno)));
  std::string text(kMaxBytes + 1, '\0');
  file.read(text.data(), kMaxBytes + 1);
  if (file.bad()) return Fail(fmt::format("{}: cannot be read", path));
  if (file.gcount() > kMaxBytes)
    return Fail(fmt::format("{}: longer than 1 MiB", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace postern
