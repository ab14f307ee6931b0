// Egress health: what receivers will find of each of our ways out, whatever the
// message: PTR, the EHLO name, DNS blocklists.
//
// Asked beside the mail (milter/egress_watch.h, `postern doctor`, `postern
// check`), then immutable and shared. What DNS did not tell is unknown.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/base/ip_address.h"
#include "policy/config/config.h"
#include "policy/facts/blocklist.h"
#include "policy/facts/dns.h"

namespace postern {

// Whether one of the PTR names has the address (RFC 8601 s.2.7.3, "iprev").
enum class Confirmation { kYes, kNo, kUnknown };

struct EgressHealth {
  std::string route;
  IpAddress address;
  std::string helo_name;  // empty: not configured

  DnsStatus ptr_status = DnsStatus::kTempError;
  std::vector<std::string> ptr_names;  // as DNS tells them, at most ten
  std::string ptr_name;  // the one that is confirmed, else the first
  Confirmation confirmation = Confirmation::kUnknown;
  bool is_generic = false;  // ptr_name looks made from the address

  std::string helo_fault;  // why it cannot be an EHLO name
  DnsStatus helo_status = DnsStatus::kTempError;  // of its A and AAAA
  std::vector<IpAddress> helo_addresses;

  std::vector<Listing> address_lists, name_lists;
};

// All ways out at one moment.
struct EgressSurvey {
  std::vector<std::shared_ptr<const EgressHealth>> ways;
  std::vector<ListTest> lists;

  // What is known of one way; of one that was not asked: that nothing is.
  [[nodiscard]] std::shared_ptr<const EgressHealth> Find(
      const EgressRoute& route, const IpAddress& address) const;
};

// Asks everything at once; blocks until the answers or the deadline.
[[nodiscard]] EgressSurvey SurveyEgress(const Config& config, Dns& dns,
                                        Deadline deadline);

// Why a text is no name to say in EHLO (RFC 5321 s.4.1.1.1); empty: it is one.
[[nodiscard]] std::string HeloFault(std::string_view name);
// True for names as providers give them to lines and pools: made from the
// address, or with a word such as "dsl" below the registered domain.
[[nodiscard]] bool IsGenericName(std::string_view name,
                                 const IpAddress& address);

}  // namespace postern
