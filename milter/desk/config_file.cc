#include "milter/desk/config_file.h"

#include <cstdio>

#include <fmt/format.h>

#include "policy/checks/catalogue.h"
#include "policy/config/files.h"
#include "policy/config/load.h"

namespace postern {

std::expected<Config, int> ReadOrReport(const std::string& file) {
  const Result<std::string> text = ReadTextFile(file);
  if (!text) {
    fmt::print(stderr, "{}\n", text.error().message);
    return std::unexpected(2);
  }
  Result<Config> config = ParseConfig(*text, file, CheckIds());
  if (!config) {
    fmt::print(stderr, "{}\n", config.error().message);
    return std::unexpected(1);
  }
  return std::move(*config);
}

}  // namespace postern
