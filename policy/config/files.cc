#include "policy/config/files.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

namespace postern {

Result<std::string> ReadTextFile(const std::string& path) {
  constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
  std::error_code code;
  const auto kind = std::filesystem::status(path, code).type();
  // A status that cannot be had says why; a pipe or device would block us.
  if (code) return Fail(fmt::format("{}: {}", path, code.message()));
  if (kind != std::filesystem::file_type::regular)
    return Fail(fmt::format("{}: not a regular file", path));
  std::ifstream file(path, std::ios::binary);
  if (!file) return Fail(fmt::format("{}: {}", path, std::strerror(errno)));
  std::string text;
  std::array<char, 65536> piece{};
  while (file) {
    file.read(piece.data(), piece.size());
    if (file.bad()) return Fail(fmt::format("{}: cannot be read", path));
    text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxBytes)
      return Fail(fmt::format("{}: longer than 64 MiB", path));
  }
  return text;
}

}  // namespace postern
