// Whether asking for a link could tell its owner about one reader, or do
// something in his name.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "policy/message/url.h"

namespace postern {

// By the URL alone. A shortener's own code is short and stands alone; these are
// taken for somebody's: userinfo, a query, a fragment, an "@", a segment of
// over 40 characters, 16 hexadecimal digits in a row (hashes, UUIDs), base64 of
// something with an "@"; and no path at all, which is no short link.
[[nodiscard]] bool MayBePersonal(const Url& url);

// The path has the local part of one of these addresses, of three characters or
// more, in any case.
[[nodiscard]] bool NamesOneOf(const Url& url,
                              std::span<const std::string> addresses);

}  // namespace postern
