// What the streams of a compound file ([MS-CFB]) say of it: Office before 2007,
// and what Office 2007 and later encrypt.
//
// Reads the directory and the front of two streams; bounded; never fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/message/part_content.h"

namespace postern {

struct CompoundFile {
  bool has_macros = false;       // a VBA project ([MS-OVBA])
  bool has_macro_sheet = false;  // Excel 4 macros ([MS-XLS] s.2.4.28)
  bool is_encrypted = false;     // needs a password to be read
  bool is_installer = false;     // a Windows Installer package
};

[[nodiscard]] CompoundFile ReadCompoundFile(PartContent* content);

}  // namespace postern
