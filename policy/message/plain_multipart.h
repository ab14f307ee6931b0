// A multipart that is beyond doubt: what its parts are and where, read without
// GMime, which takes ten times as long to make its objects.
//
// Beyond doubt is what most mail software writes: mixed, alternative or
// related; ASCII fields, each once, with parameters that are tokens or plainly
// quoted; every boundary its own, opened and closed in turn; no part empty and
// none a message. GMime reads all else, and this as well: the same.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "policy/message/base64_runs.h"
#include "policy/message/header.h"
#include "policy/message/mime.h"

namespace postern {

// False, and nothing added: it is not that plain. The runs are the body's.
[[nodiscard]] bool ReadPlainMultipart(const Header& header,
                                      std::string_view body,
                                      std::span<const Base64Run> runs,
                                      MimeStructure* structure);

}  // namespace postern
