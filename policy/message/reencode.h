// A message made fit for any transport: 7-bit, no line over 998 octets, CRLF
// only (RFC 5321 s.4.5.3.1.6, RFC 5322 s.2.3). What a reader sees is unchanged.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "policy/message/message.h"
#include "policy/message/mime.h"

namespace postern {

struct Reencoded {
  Header header;
  Body body;
};

// What becomes of base64 that would survive any transport as it is: nothing, or
// where it is broken or holds plain ASCII text it is written anew.
enum class Base64 { kAsItIs, kAnew };

// Text becomes quoted-printable, other leaves base64; leaves that need nothing,
// part headers and boundaries stay octet for octet, but for bare CR and LF and
// for what is declared 8bit and is 7bit. A
// message without MIME fields gets them: its charset is utf-8, or iso-8859-1
// where the octets are not UTF-8 (a guess, as every reader would make one).
//
// nullopt: the structure is over limit, signed, encrypted, or not understood
// well enough to be edited; or a leaf may not be encoded: message/*, or
// within an attached message whose own DKIM signature would break.
[[nodiscard]] std::optional<Reencoded> ReencodeForTransport(
    const Message& message, const MimeStructure& structure,
    Base64 base64 = Base64::kAsItIs);

}  // namespace postern
