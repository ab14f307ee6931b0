// Address lists written in the one form that every MTA leaves as it is:
// "a@x, B <b@y>" (RFC 5322 s.3.4).
//
// Sendmail parses the address fields when it delivers and writes them anew, so
// that a signature over any other form does not survive it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "policy/message/message.h"

namespace postern {

// Where a local part that stands alone is at home.
struct LocalPartHome {
  std::span<const ForwardPath> recipients;  // borrowed: one of these, if any
  std::string domain;                       // else this; empty: nobody can say
};
// Sendmail puts its own name behind a local part; other MTAs have done by now
// what they do.
[[nodiscard]] LocalPartHome HomeOf(const Message& message);

// The list of a field's value, unfolded. The mailboxes are the same, in order;
// display names, groups and comments stay as they are. Gone are source routes,
// white space inside addresses, empty items and the dot at the end of a domain.
// What was malformed is mended where only one reading makes sense: ";" between
// mailboxes, display names that had to be quoted, a missing ">" at the end.
//
// nullopt: there is no such reading, or a local part without a home.
[[nodiscard]] std::optional<std::string> WriteAddressList(
    std::string_view value, const LocalPartHome& home);

// True when the texts differ in the length of white space alone, which relaxed
// canonicalization does not see (RFC 6376 s.3.4.2).
[[nodiscard]] bool IsSameButBlanks(std::string_view a, std::string_view b);

}  // namespace postern
