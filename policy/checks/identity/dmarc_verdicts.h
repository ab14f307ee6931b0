// What the checks of DMARC share: whom an outcome concerns, and its words.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "policy/checks/check.h"
#include "policy/facts/facts.h"

namespace postern {

// Whether SPF or DKIM vouches for the author at an egress, as receivers with
// this method align them, with or without a DMARC record.
enum class Vouched { kYes, kNo, kUnknown };
[[nodiscard]] Vouched VouchedAt(const Facts& facts, const DmarcOutcome& at);

// "SPF softfail for example.org at 192.0.2.1, no DKIM signature".
[[nodiscard]] std::string Authentication(const Facts& facts,
                                         const DmarcOutcome& at);

// The receivers that demand of bulk mail what they only advise to others, by
// the requirements they have published.
[[nodiscard]] bool DemandsMoreOfBulk(std::string_view receiver);

// Of which receivers an outcome is told: all, or by whether they demand more of
// this message because it is bulk, or its author a bulk sender.
enum class Concerned { kAll, kBulkReceivers, kOthers };

// One verdict for each receiver concerned by the outcome; without recipients
// one for the message, by tree walk.
void AddVerdicts(const Facts& facts, const DmarcOutcome& at,
                 Concerned concerned, const Verdict& verdict,
                 std::vector<Verdict>* verdicts);

// A verdict for each outcome that fails, or may, under one of these policies.
[[nodiscard]] std::vector<Verdict> DmarcFailures(
    const Facts& facts, std::initializer_list<DmarcPolicy> policies,
    Concerned concerned);

}  // namespace postern
