// What is in an archive: the wrapper of libarchive. Nothing else includes it.
//
// Names and sizes are read, and archives within it to a depth of three; nothing
// is written anywhere. Formats by their signature: zip, 7z, rar, tar, and gzip,
// bzip2 and xz with a tar or one file in them. Guarded and bounded: what is too
// much is "over limit", and what made it so may be known (a bomb).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "policy/facts/archive_listing.h"
#include "policy/facts/file_type.h"
#include "policy/facts/work_budget.h"
#include "policy/message/part_content.h"

namespace postern {

// Members whose content is wanted while the archive is read. Of the outermost
// archive only.
struct MemberWish {
  // At most how much of it; 0: not wanted.
  std::function<std::size_t(std::string_view name)> wants;
  std::function<void(std::string_view name, std::string_view octets)> take;
};

// Whether it is one of the formats that ListArchive reads.
[[nodiscard]] bool IsArchive(FileFormat format);

// Never fails. `name` is that of the file, for "report.exe.gz".
[[nodiscard]] ArchiveListing ListArchive(PartContent* content,
                                         FileFormat format,
                                         std::string_view name,
                                         const MemberWish& wish,
                                         WorkBudget* budget);

}  // namespace postern
