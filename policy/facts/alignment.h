// Identifier alignment with the author domain (RFC 9989 s.4.4).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/facts/facts.h"
#include "policy/facts/gather.h"

namespace postern {

// Borrows both; the DMARC policy is already in the facts.
struct Aligner {
  const GatherFrom& from;
  const Facts& facts;

  // Equal organizational domains, or equal names when strict.
  [[nodiscard]] Alignment Align(const std::string& identifier, bool is_strict,
                                DmarcMethod method) const;
};

}  // namespace postern
