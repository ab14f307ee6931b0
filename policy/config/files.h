// Reading the operator's files, and the files that are built in.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace postern {

// A regular file of at most so many MiB, whole.
[[nodiscard]] Result<std::string> ReadTextFile(const std::string& path,
                                               int most_mebibytes = 64);

// conf/receivers/*.toml and conf/lists/* as they were at build time.
struct BuiltInFile {
  std::string_view path;  // "receivers/google.toml"
  std::string_view text;
};
[[nodiscard]] std::span<const BuiltInFile> BuiltInFiles();

}  // namespace postern
