// SPF (RFC 7208) at one address, by libspf2 behind a guard.
//
// The guard (spf_walk.h) fetches and parses every record, expands macros,
// counts look-ups and decides ip4, ip6, all and ptr; libspf2 (libspf2.h) sees
// only what it can be trusted with. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "policy/base/ip_address.h"
#include "policy/facts/dns.h"

namespace postern {

enum class SpfResult {
  kNone,
  kNeutral,
  kPass,
  kFail,
  kSoftfail,
  kTempError,
  kPermError,
};
[[nodiscard]] std::string_view ToString(SpfResult result);

struct SpfQuery {
  IpAddress address;      // the egress that will connect
  std::string mail_from;  // empty: the HELO identity is judged (RFC 7208 s.2.4)
  std::string helo_name;
  std::string receiver_name = "unknown";  // %{r}
  std::int64_t now_seconds = 0;           // %{t}
};
// What makes a result permerror.
enum class SpfFault {
  kNone,
  kSyntax,
  kSeveralRecords,
  kNoRecord,  // of an include or redirect
  kTooManyLookups,
  kTooManyVoids,
  kTooManyHosts,  // of an mx
};
struct SpfAnswer {
  SpfResult result = SpfResult::kTempError;
  std::string domain;       // whose record was evaluated
  std::string explanation;  // on fail, the domain's exp= text, else a default
  std::string reason;       // the deciding term or error, for the operator
  // The term that decided, or at which the check broke off, as written, and the
  // domain whose record has it; empty: none did.
  std::string term, term_domain;
  SpfFault fault = SpfFault::kNone;
  // The first term met that passes a large part of the Internet; empty: none.
  std::string permissive_term;
  int lookups = 0;  // terms that ask DNS, over the whole check
};

// The explanation of a fail whose domain gives none.
inline constexpr std::string_view kDefaultSpfExplanation =
    "The domain owner does not allow this address to send its mail.";

// Thread-safe. Every failure of the library reads as temperror.
[[nodiscard]] SpfAnswer EvaluateSpf(const SpfQuery& query, Dns& dns,
                                    Deadline deadline);

}  // namespace postern
