// Files that are on the disk when the function returns, and their reading.
//
// Every failure is an Error that names the file and the system's reason. What
// is made is for the owner alone: directories 0700, files 0600. What root makes
// belongs to the owner of the directory it is made in, so that the daemon can
// read what an operator's command wrote; a symbolic link is not written
// through. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/result.h"

namespace postern {

[[nodiscard]] Result<std::string> ReadWholeFile(const std::string& name);

// All octets, also when write() takes them in pieces. The Error is the reason
// alone.
[[nodiscard]] Result<void> WriteAll(int fd, std::string_view octets);

// A new file, fsynced; its directory is not. An existing one is an error.
[[nodiscard]] Result<void> WriteNewFile(const std::string& name,
                                        std::string_view octets);
// Readers see the old octets or the new ones, whatever happens meanwhile.
[[nodiscard]] Result<void> ReplaceFile(const std::string& name,
                                       std::string_view octets);
// One write() at the end of the file, fsynced.
[[nodiscard]] Result<void> AppendToFile(const std::string& name,
                                        std::string_view octets);

[[nodiscard]] Result<void> MakeDirectories(const std::string& name);
[[nodiscard]] Result<void> SyncDirectory(const std::string& name);
// Renames, and has the directory (of the new name) on the disk.
[[nodiscard]] Result<void> Rename(const std::string& from,
                                  const std::string& to);

}  // namespace postern
