// Message: what was said, whole: submission, envelope, header, body.
//
// A value. Belongs to one thread at a time; the body's bytes are shared.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/message/body.h"
#include "policy/message/envelope.h"
#include "policy/message/header.h"

namespace postern {

struct Message {
  Submission submission;
  Envelope envelope;
  Header header;
  Body body;
  // The alternative route that we have chosen; empty: the MTA's own way.
  std::string egress_route;
};

// Header and body from RFC 5322 octets, lines ended by CRLF or LF (or both: the
// body keeps what it has, as an MTA would hand it over). A first line without a
// colon begins the body.
struct ParsedOctets {
  Header header;
  Body body;
};
[[nodiscard]] ParsedOctets ParseOctets(std::string_view octets);

// The octets as they go over the wire, header folds as CRLF.
[[nodiscard]] std::string ToOctets(const Header& header, const Body& body);

}  // namespace postern
