// Shapes: messages that have broken DKIM signers, by name, and random ones.
//
// All are as the wire allows them: CRLF ends lines, no NUL, no bare CR or LF.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/message/body.h"
#include "policy/message/header.h"

namespace postern {

struct Shape {
  std::string name;
  Header header;
  Body body;
};

[[nodiscard]] std::vector<Shape> NamedShapes();
// The same seed, the same message.
[[nodiscard]] Shape RandomShape(std::uint32_t seed);

}  // namespace postern
