// ProposeSpf: what the owner of a domain can publish so that SPF passes at our
// egress.
//
// The owner's record is kept: our addresses are added before what decides
// against them, terms in error are taken out, and terms are flattened where
// there are more look-ups than RFC 7208 s.4.6.4 allows. A proposal is shown
// only after it was evaluated in the place of the published record: every
// address passes, and a set of others is told no better than before.
// Thread-safe. Asks a bounded number of questions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "policy/facts/dns.h"
#include "policy/facts/spf.h"

namespace postern {

struct SpfPublication {
  std::string name;
  std::string text;
};
struct SpfProposal {
  // The first takes the place of the domain's SPF record or records.
  std::vector<SpfPublication> records;
  // "publish at example.org TXT "v=spf1 …"; at …", one line.
  [[nodiscard]] std::string ToString() const;
};

// The queries are of one identity and differ in the address; one at least.
// nullopt: nothing is wrong, or nothing can be proposed that holds.
[[nodiscard]] std::optional<SpfProposal> ProposeSpf(
    std::span<const SpfQuery> queries, Dns& dns, Deadline deadline);

}  // namespace postern
