// Which header fields are signed, where they are present.
//
// A table, in the order of h=. The facts see it too: a field that is not signed
// may be changed on the way.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace postern {

// Whether one more instance than there are is named, so that none can be added.
enum class Oversign {
  kAlways,
  // Sendmail adds a missing Date or Message-ID after its milters; MIME fields
  // are added by honest relays.
  kIfPresent,
  kNever,  // relays and lists may add their own
};

struct SignedName {
  std::string_view name;
  Oversign oversign;
};

// Never here: Bcc, Return-Path, Content-Length, Full-Name (MTAs remove them),
// Received and Authentication-Results (they grow), DKIM-Signature, X-Postern-*.
inline constexpr SignedName kSignedNames[] = {
    {"from", Oversign::kAlways},
    {"subject", Oversign::kAlways},
    {"date", Oversign::kIfPresent},
    {"to", Oversign::kAlways},
    {"cc", Oversign::kAlways},
    {"reply-to", Oversign::kAlways},
    {"sender", Oversign::kIfPresent},
    {"message-id", Oversign::kIfPresent},
    {"in-reply-to", Oversign::kNever},
    {"references", Oversign::kNever},
    {"mime-version", Oversign::kIfPresent},
    {"content-type", Oversign::kIfPresent},
    {"content-transfer-encoding", Oversign::kIfPresent},
    {"content-disposition", Oversign::kNever},
    {"content-id", Oversign::kNever},
    {"content-description", Oversign::kNever},
    {"content-language", Oversign::kNever},
    {"list-unsubscribe", Oversign::kIfPresent},
    {"list-unsubscribe-post", Oversign::kIfPresent},
    {"list-id", Oversign::kNever},
    {"list-help", Oversign::kNever},
    {"list-subscribe", Oversign::kNever},
    {"list-post", Oversign::kNever},
    {"list-owner", Oversign::kNever},
    {"list-archive", Oversign::kNever},
    {"feedback-id", Oversign::kNever},
    {"auto-submitted", Oversign::kNever},
    {"autocrypt", Oversign::kNever},
    {"resent-from", Oversign::kNever},
    {"resent-sender", Oversign::kNever},
    {"resent-date", Oversign::kNever},
    {"resent-message-id", Oversign::kNever},
    {"resent-to", Oversign::kNever},
    {"resent-cc", Oversign::kNever},
};

// The name's place in the table; nullopt: such a field is not signed.
[[nodiscard]] std::optional<std::size_t> PlaceAmongSigned(
    std::string_view name);

}  // namespace postern
