// What an ARC set says of the message as it was received (RFC 8617 s.4.1.1):
// our own verification of its DKIM signatures, and what the operator's border
// servers wrote into Authentication-Results (RFC 8601).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "policy/facts/facts.h"
#include "policy/message/header.h"

namespace postern {

struct TrustedResults {
  std::vector<std::string> entries;  // "spf=pass smtp.mailfrom=…"; no arc=
  bool has_dkim = false;
  // They say arc=, and nothing but arc=pass.
  bool says_arc_pass = false;
};
// From the Authentication-Results fields of these authserv-ids. Comments are
// dropped; what is not printable ASCII or too long is left out; at most 20.
[[nodiscard]] TrustedResults ReadTrustedResults(
    const Header& received, std::span<const std::string> authserv_ids);

// "dkim=pass header.d=…" for each signature that was there; at most 10.
[[nodiscard]] std::vector<std::string> DkimEntries(
    std::span<const DkimFact> signatures);

}  // namespace postern
