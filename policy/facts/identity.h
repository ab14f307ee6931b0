// Identity as the receivers will judge it: egress, SPF, DKIM, DMARC.
//
// Each function fills its own fields of Facts from those already there; Gather
// calls them in this order.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/facts/domains.h"
#include "policy/facts/gather.h"

namespace postern {

// What the rules allow whoever handed the message in; asks nobody.
void GatherSenderPermission(Facts* facts);
// What the MTA would change after signing.
void GatherTransit(const GatherFrom& from, Facts* facts);

// The addresses the message may leave from. An IPv6 address counts only when
// some receiver's MX has one too, or when that is not known.
void GatherEgress(const GatherFrom& from, MailDomains* domains, Facts* facts);
void GatherDmarcPolicy(const GatherFrom& from, Facts* facts);
void GatherSpf(const GatherFrom& from, Facts* facts);
void GatherDkim(const GatherFrom& from, Facts* facts);
void GatherDmarcOutcomes(Facts* facts);

}  // namespace postern
