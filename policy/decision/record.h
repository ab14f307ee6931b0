// Record: what we foresaw of SPF, DKIM and DMARC, as receivers would write it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/decision/edits.h"
#include "policy/facts/facts.h"

namespace postern {

// The resinfo list of RFC 8601 s.2.2, without an authserv-id:
//   spf=pass smtp.mailfrom=a.example (at 192.0.2.1); dkim=pass
//   header.d=a.example header.s=s1; dmarc=pass header.from=a.example
// One entry for all egress addresses, and for all receivers, that fare alike;
// the worst comes first. Foreign text is quoted; at most 1,520 octets.
[[nodiscard]] std::string AuthenticationRecord(const Facts& facts);

// What was found out of short links as the message came to be judged last:
// "bit.ly/3abc=www.example.net, bit.ly/3abd=disabled"; empty: none was asked.
// Foreign text, at most eleven links.
[[nodiscard]] std::string ShortLinkRecord(const Facts& facts);

// What the edits change: "Date,From,body,links:2", at most twelve fields by
// name; empty: nothing.
[[nodiscard]] std::string ChangeRecord(const std::vector<Edit>& edits,
                                       std::size_t links_changed);

}  // namespace postern
