// MeantDomain: the provider whose domain a recipient's domain misspells.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/config/config.h"
#include "policy/facts/facts.h"

namespace postern {

// A domain of lists.mail_domains, or empty: nothing near. Only a domain that
// cannot receive mail, or one of lists.mail_domain_typos, is taken for a
// misspelling; a near name that works may be somebody's own.
[[nodiscard]] std::string MeantDomain(const Domain& domain, MailDomain kind,
                                      const Config& config);

}  // namespace postern
