// The ARC fields of a header, sorted into sets; and what a seal covers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "policy/message/header.h"

namespace postern {

inline constexpr std::string_view kArcResults = "ARC-Authentication-Results";
inline constexpr std::string_view kArcMessageSignature =
    "ARC-Message-Signature";
inline constexpr std::string_view kArcSeal = "ARC-Seal";

struct ArcFields {
  const HeaderField* results = nullptr;
  const HeaderField* message_signature = nullptr;
  const HeaderField* seal = nullptr;
};

struct ArcSets {
  std::vector<ArcFields> sets;  // sets[0] is i=1; complete when no fault
  int highest = 0;
  std::string fault;  // why it is no chain (RFC 8617 s.5.2 step 3)
};
// Borrows the header.
[[nodiscard]] ArcSets CollectArcSets(const Header& header);

// A signature field's value with its b= emptied (RFC 6376 s.3.7).
[[nodiscard]] std::string WithoutSignature(std::string_view value);

// What precedes a seal in its signature: the relaxed fields of a set, each with
// CRLF; the seal of the last set is not part of it.
[[nodiscard]] std::string RelaxedSet(const ArcFields& set, bool with_seal);

}  // namespace postern
