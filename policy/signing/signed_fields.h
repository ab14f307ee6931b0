// Which header fields a signature covers (RFC 6376 s.5.4.1, RFC 8058 s.4).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/message/header.h"

namespace postern {

struct SignedFields {
  std::vector<std::string_view> names;  // h=, From first
  // The fields so named, relaxed, each with CRLF, in the order of h=.
  std::string canonical;
};

// Every instance of every field that a reader relies on, the last one first;
// one more of those that must not be added behind our back ("oversigned").
// Fails without From, and on a field that cannot reach a verifier as it is: one
// with NUL, a bare CR, or a line break that is no fold. The operator's own
// names (signing.headers, signing.oversign) come last and must outlive the
// result.
[[nodiscard]] Result<SignedFields> SelectSignedFields(
    const Header& header, const SigningConfig& config);

}  // namespace postern
