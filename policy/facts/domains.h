// What DNS says of the domains in an envelope: can they receive mail, and who
// runs their MX.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "policy/facts/facts.h"

namespace postern {

// Asks each domain once for the length of one gathering. One thread.
class MailDomains {
 public:
  MailDomains(Dns& dns, Deadline deadline) : dns_(dns), deadline_(deadline) {}

  struct Entry {
    MailDomain kind = MailDomain::kUnknown;
    MxTargets mx;
  };
  const Entry& Find(const Domain& domain);

 private:
  Entry Ask(const Domain& domain);

  Dns& dns_;
  Deadline deadline_;
  std::map<Domain, Entry> entries_;
};

[[nodiscard]] std::string_view ToString(MailDomain kind);

}  // namespace postern
