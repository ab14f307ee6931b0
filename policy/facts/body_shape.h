// BodyShape: one pass over the body's octets. See facts.h.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "policy/facts/facts.h"

namespace postern {

[[nodiscard]] BodyShape ShapeOf(std::string_view body);
// Header and body on the wire: each line of the header ends with CRLF, an empty
// line, then the body as it is.
[[nodiscard]] std::int64_t WireBytes(const Header& header, const Body& body);

}  // namespace postern
