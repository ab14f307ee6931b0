// What becomes of a leaf once its place is known: decoded, converted, marked.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/message/mime.h"

namespace postern {

// Remembers each warning once, fifty at most.
void Warn(MimeStructure* structure, std::string_view words);

// Adds a leaf; raw is its encoded content.
void AddLeaf(MimePart part, std::string_view raw, MimeStructure* structure);

// Adds a multipart that has no readable part. Nobody knows what a reader would
// show of it: the raw text is kept so that its links are seen.
void AddUnreadable(MimePart part, std::string_view raw,
                   MimeStructure* structure);

// Whether an encoding says that there may be 8-bit octets.
[[nodiscard]] bool IsEightBitEncoding(std::string_view encoding);

// The token of a Content-Transfer-Encoding field, lower case.
[[nodiscard]] std::string EncodingOf(std::string_view value);

}  // namespace postern
