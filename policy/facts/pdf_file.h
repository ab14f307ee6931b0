// Whether a PDF (ISO 32000-1) is encrypted, and what it does when it is opened.
//
// Reads what a reader reads first: the trailer, at the end and where startxref
// points (s.7.5.5). Bounded; never fails.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/message/part_content.h"

namespace postern {

struct PdfFile {
  bool is_encrypted = false;  // s.7.6
};

[[nodiscard]] PdfFile ReadPdfFile(PartContent* content);

}  // namespace postern
