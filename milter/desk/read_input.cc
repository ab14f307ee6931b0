#include "milter/desk/read_input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace postern {

Result<std::string> ReadInput(const std::string& path) {
  if (path == "-")
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    return Fail(path + ": is a directory");
  std::ifstream file(path, std::ios::binary);
  std::string octets(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad())
    return Fail(path + ": " + std::strerror(errno));
  return octets;
}

}  // namespace postern
