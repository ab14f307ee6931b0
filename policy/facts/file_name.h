// What an attachment is called, as people and as their systems read it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace postern {

struct FileName {
  // Lower case, without folders, trailing dots and spaces: Windows drops them.
  std::string plain;
  // "invoice.pdf.exe": {"pdf", "exe"}; at most eight, the last ones.
  std::vector<std::string> extensions;
  // U+202A-202E, U+2066-2069: what is seen is not what is there (UAX #9).
  bool has_direction_override = false;
  // More than five spaces before an extension, which push it out of sight.
  bool has_space_run = false;

  [[nodiscard]] std::string_view extension() const {
    return extensions.empty() ? std::string_view() : extensions.back();
  }
};

[[nodiscard]] FileName ReadFileName(std::string_view name);

// What the extension of a file promises that there is in it.
enum class FileClass {
  kUnknown,
  kText,
  kMarkup,  // HTML, SVG, MHTML
  kImage,
  kMedia,  // sound, video
  kPdf,
  kDocument,  // of Office, OpenDocument, RTF
  kArchive,
  kDiskImage,
  kProgram,   // PE, ELF, Mach-O, Java, Windows Installer
  kScript,    // runs by itself where it is opened
  kShortcut,  // Windows shell link
};
[[nodiscard]] FileClass ClassOfExtension(std::string_view extension);
[[nodiscard]] std::string_view ToString(FileClass kind);
// Whether a file called so is an archive.
[[nodiscard]] bool IsArchiveName(std::string_view name);

}  // namespace postern
