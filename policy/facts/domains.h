// What DNS says of the domains in an envelope: can they receive mail, who runs
// their MX, and can those hosts be reached.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <string>

#include "policy/facts/facts.h"

namespace postern {

// Asks each domain once for the length of one gathering. One thread. Borrows
// the configuration and DNS.
class MailDomains {
 public:
  MailDomains(const Config& config, Dns& dns, Deadline deadline);

  struct Entry {
    MailDomain kind = MailDomain::kUnknown;
    MxTargets mx;
    MailHosts hosts = MailHosts::kUnknown;
    std::string hosts_fault;  // "mx.example.org is 10.0.0.1"
  };
  const Entry& Find(const Domain& domain);

 private:
  Entry Ask(const Domain& domain);
  void JudgeHosts(std::span<const std::string> hosts, Entry* entry);
  [[nodiscard]] MailHosts JudgeHost(const std::string& host,
                                    std::string* fault);
  [[nodiscard]] bool IsUsable(const IpAddress& address) const;

  Dns& dns_;
  Deadline deadline_;
  bool reaches_private_ = false;  // one of our egress addresses is private
  std::map<Domain, Entry> entries_;
};

[[nodiscard]] std::string_view ToString(MailDomain kind);

}  // namespace postern
