// What DNS blocklists say of an address or a name (RFC 5782).
//
// A list counts only while its own test entries answer as they must: a resolver
// that hides the list, or answers for everything, would make every answer
// wrong. A refused query (127.255.255.0/24) is no answer. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/ip_address.h"
#include "policy/config/config.h"
#include "policy/facts/dns.h"

namespace postern {

enum class ListStatus {
  kAnswers,
  kNotServed,  // this resolver does not reach it: its test entry is missing
  kListsAll,   // says "listed" even of what never is: its answers mean nothing
  kRefused,    // it does not answer queries of this resolver
  kUnknown,    // DNS did not answer, or not as a blocklist does
};
[[nodiscard]] std::string_view ToString(ListStatus status);

// Whether a list can be asked at all from here.
struct ListTest {
  std::string zone;
  ListStatus status = ListStatus::kUnknown;
  std::string reason;  // in words, unless kAnswers
};

// What one list says of one subject.
struct Listing {
  std::string zone;
  std::string subject;  // the address or name that was asked
  std::string removal;
  bool is_certain = false;
  ListStatus status = ListStatus::kUnknown;
  std::string reason;                 // unless kAnswers
  std::string listed, dynamic_range;  // "127.0.0.2 SBL"; empty: not listed
};

// "10.2.0.192.zen.spamhaus.org"; IPv6 by nibbles (RFC 5782 s.2.4).
[[nodiscard]] std::string BlocklistName(const IpAddress& address,
                                        std::string_view zone);

// Starts the questions that the others will wait for.
void PrefetchTests(const Blocklist& list, Dns& dns);

[[nodiscard]] ListTest TestBlocklist(const Blocklist& list, Dns& dns,
                                     Deadline deadline);
// `subject` is the address or name, `name` what is asked for it. A list that
// does not answer its test is not asked.
[[nodiscard]] Listing AskBlocklist(const Blocklist& list, const ListTest& test,
                                   const std::string& subject, Dns& dns,
                                   Deadline deadline);

}  // namespace postern
