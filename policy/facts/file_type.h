// What a file is by its first octets: the wrapper of libmagic. Nothing else
// includes it.
//
// The usual kinds are known by their signatures at once; libmagic, which takes
// a tenth of a millisecond and more, is asked about the rest. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "policy/facts/file_name.h"

namespace postern {

enum class FileFormat {
  kOther,
  kZip,
  kSevenZip,
  kRar,
  kTar,
  kGzip,
  kBzip2,
  kXz,
  kCompound,  // [MS-CFB]: Office before 2007, Outlook messages, installers
  kPdf,
  kOneNote,
};

struct FileType {
  FileClass kind = FileClass::kUnknown;
  FileFormat format = FileFormat::kOther;
  std::string media_type;  // empty: not known
};

// How much of the front it wants to see.
inline constexpr std::size_t kFileTypeBytes = 16 * 1024;

// Only by signature; kind kUnknown: none is known.
[[nodiscard]] FileType TypeBySignature(std::string_view front);
// By signature, else by libmagic.
[[nodiscard]] FileType FileTypeOf(std::string_view front);

}  // namespace postern
