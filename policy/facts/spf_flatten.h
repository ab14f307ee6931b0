// SpfFlattener: a term of an SPF record as the networks it stands for, so that
// a record with too many look-ups (RFC 7208 s.4.6.4) can do without it.
//
// Used by one thread, for one proposal. Asks a bounded number of questions.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policy/facts/dns.h"
#include "policy/facts/spf_record.h"

namespace postern {

class SpfFlattener {
 public:
  SpfFlattener(Dns& dns, Deadline deadline) : dns_(dns), deadline_(deadline) {}

  struct Flat {
    std::vector<std::string> terms;  // "ip4:192.0.2.0/24", with the qualifier
    int lookups = 0;                 // terms that need not be asked any more
  };
  // What an include, a or mx of the domain's record matches, in IPv4 and IPv6.
  // nullopt: DNS did not answer; or it is no fixed set of networks (macros,
  // exists, ptr, exceptions from a pass, everybody); or it is too large.
  [[nodiscard]] std::optional<Flat> Flatten(const SpfTerm& term,
                                            const std::string& domain);

 private:
  [[nodiscard]] bool Add(const SpfTerm& term, const std::string& domain,
                         int depth);
  [[nodiscard]] bool AddPasses(const std::string& domain, int depth);
  [[nodiscard]] bool AddHost(const SpfTerm& term, const std::string& host);
  [[nodiscard]] bool AddMx(const SpfTerm& term, const std::string& domain);
  [[nodiscard]] bool AddNetwork(const std::string& network);
  [[nodiscard]] std::optional<DnsAnswer> Ask(const std::string& name,
                                             RrType type);

  Dns& dns_;
  Deadline deadline_;
  int questions_ = 0;
  std::string qualifier_;
  Flat flat_;
};

}  // namespace postern
