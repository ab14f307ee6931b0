// DKIM signatures as a verifier sees them, judged by libopendkim (opendkim.h).
//
// Messages are hardened before libopendkim sees them (dkim_guard.h); what the
// guard refuses to hand over has an answer of its own: kNeutral, "not
// examined". A key that DNS cannot tell is kTempError, one that is not there
// kPermError.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/facts/dns.h"
#include "policy/message/message.h"

namespace postern {

enum class DkimResult {
  kNone,
  kPass,
  kFail,
  kPolicy,
  kNeutral,
  kTempError,
  kPermError,
};
[[nodiscard]] std::string_view ToString(DkimResult result);

struct DkimSignature {
  std::string domain;     // d=
  std::string selector;   // s=
  std::string algorithm;  // a=
  DkimResult result = DkimResult::kNone;
  std::string reason;                       // when not pass
  std::vector<std::string> headers;         // h=, lower case
  std::optional<std::uint64_t> body_bytes;  // l=
};

// What a verifier needs beside the message. Borrows the resolver. The time is
// for x=.
struct VerifyWith {
  Dns& dns;
  Deadline deadline;
  TimePoint now;
};

// All DKIM-Signature fields of the message, top to bottom, each verified; from
// the sixth on kNeutral. A bare LF in the body counts as the CRLF it will be.
// Thread-safe.
[[nodiscard]] std::vector<DkimSignature> VerifySignatures(
    const Header& header, const Body& body, const VerifyWith& with);

}  // namespace postern
