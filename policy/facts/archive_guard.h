// What must be true of an archive before libarchive may read it.
//
// libarchive keeps the whole directory of a zip and of a 7z in memory, and
// decodes the latter's, before it gives the first name: 20,000 members of a zip
// cost 56 ms. Both directories say beforehand how large they are.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "policy/message/part_content.h"

namespace postern {

enum class Directory { kReadable, kTooLarge, kNone };

struct DirectoryView {
  Directory kind = Directory::kNone;
  std::size_t members = 0;  // as it says; 0: it does not
};

// APPNOTE 6.3 s.4.3.16: the end of the central directory.
[[nodiscard]] DirectoryView ViewZip(PartContent* content);
// 7zFormat.txt: the signature header, and the size of a packed header.
[[nodiscard]] DirectoryView ViewSevenZip(PartContent* content);

}  // namespace postern
