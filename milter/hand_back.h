// HandBack: gives a held message back to the MTA, which has Postern judge it
// anew. What is not certain to have been taken stays held.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "milter/smtp_client.h"
#include "policy/base/result.h"
#include "policy/config/config.h"
#include "policy/holds/held_store.h"

namespace postern {

struct HandBackOutcome {
  std::string fault;    // why it was not tried; empty: it was
  HeldMessage held;     // as it was when it was tried
  SmtpOutcome outcome;  // what the MTA said
  // The MTA took it, and this is what became of the hold.
  Result<void> settled;
};

// Waits for the MTA, ten minutes at most (RFC 5321 s.4.5.3.2.6).
[[nodiscard]] HandBackOutcome HandBack(HeldStore* store, const Config& config,
                                       const std::string& id, ReleaseBy by);

}  // namespace postern
