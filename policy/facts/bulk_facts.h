// What a mailing says of how to leave it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "policy/message/list_unsubscribe.h"

namespace postern {

struct Facts;
struct GatherFrom;

enum class UnsubscribeHost {
  kNone,       // no web address, or nobody asked
  kResolves,   // has an address
  kNoAddress,  // exists, has none
  kNxDomain,
  kUnknown,  // DNS did not answer
};

struct BulkFact {
  ListUnsubscribe unsubscribe;
  std::string host;  // of its first web address
  UnsubscribeHost host_state = UnsubscribeHost::kNone;
  bool is_plain_http = false;  // a web address that is not https:
};

// Fills bulk_sender_at, and bulk of a message that is_bulk; of others it is
// empty.
void GatherBulk(const GatherFrom& from, Facts* facts);

}  // namespace postern
