// The From field written anew for another address, the author kept.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/facts/facts.h"

namespace postern {

struct NewAuthor {
  std::string address;
  std::string_view via;  // "Alice via example.org"; empty: "Alice"
};

// The first From field gets the new address under the display name it had;
// Reply-To, unless the author has set one, gets the author, and so does
// X-Original-From. False, and nothing changed: there is no single author, or
// the field cannot be written.
bool ReplaceAuthor(const Facts& facts, const NewAuthor& author,
                   Message* message);

}  // namespace postern
