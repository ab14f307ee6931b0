// ARC: the Authenticated Received Chain (RFC 8617), validated and extended.
//
// Our own, on OpenSSL (public_key.h, keys.h): libopendkim knows no ARC. Work is
// bounded by the 50 sets of s.4.2.1; keys are asked once each. Thread-safe.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/base/clock.h"
#include "policy/base/result.h"
#include "policy/facts/dns.h"
#include "policy/message/message.h"
#include "policy/signing/keys.h"

namespace postern {

enum class ArcResult {
  kNone,  // no ARC field at all
  kPass,
  kFail,
  kTempError,  // DNS did not answer for a key
};
[[nodiscard]] std::string_view ToString(ArcResult result);  // a cv= value

inline constexpr int kMaxArcSets = 50;  // RFC 8617 s.4.2.1

struct ArcChain {
  ArcResult result = ArcResult::kNone;
  int highest = 0;             // i= of the newest set; 0: none
  bool has_ended = false;      // the newest seal says cv=fail
  bool do_seals_hold = false;  // but perhaps not the newest message signature
  std::string reason;          // why not pass
};

// RFC 8617 s.5.2. The body is as the wire has it.
[[nodiscard]] ArcChain ValidateChain(const Header& header, const Body& body,
                                     Dns& dns, Deadline deadline,
                                     TimePoint now);

// One set, the values of its fields; folds as LF, no leading space.
struct ArcSet {
  std::string results, message_signature, seal;
};
struct ArcSealing {
  const KeyInUse& key;  // RSA
  int instance = 1;
  // The chain as it was received. With kFail the seal covers this set alone
  // (s.5.1.2), and nobody may extend the chain any more.
  ArcResult received = ArcResult::kNone;
  std::string_view results;  // authserv-id and what follows, one line
  TimePoint now;
};
// RFC 8617 s.5.1, for a message that is final, DKIM-Signature fields included.
// To be inserted at the top: results, then message signature, then seal. Fails
// where a field cannot be signed (signed_fields.h).
[[nodiscard]] Result<ArcSet> SealMessage(const Header& header, const Body& body,
                                         const ArcSealing& sealing);

}  // namespace postern
