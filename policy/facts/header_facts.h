// HeaderFacts: what one pass over the header fields finds.
//
// Plain data, read from the header alone; no DNS, no clock.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/clock.h"
#include "policy/message/address.h"
#include "policy/message/header.h"

namespace postern {

struct Facts;
class MailDomains;

// To, Cc, Bcc, Sender or Reply-To, as written.
struct AddressField {
  std::string name;
  AddressList list;
};

// What is wrong with one field.
struct FieldFault {
  std::string name, fault;
};

struct HeaderFacts {
  std::optional<TimePoint> date;  // of the first Date; none: it cannot be read
  std::vector<AddressField> addresses;
  std::string subject;  // of the first Subject, decoded; UTF-8
  std::string from;     // of the first From, encoded-words decoded as written
  std::size_t octets = 0;    // on the wire, line ends included
  std::size_t lines = 0;     // folded ones counted apart
  std::size_t received = 0;  // Received fields
  std::vector<std::string>
      eight_bit;  // names of fields beyond ASCII, each once
  // Of the first field that has one: encoded-words that a reader cannot decode,
  // that RFC 2047 forbids, that stand where none may; else empty.
  FieldFault undecodable, irregular, misplaced;
  std::string nul_field;     // the first with a NUL
  std::string blank_fold;    // the first with a line of white space alone
  std::string foreign_name;  // the first name with octets that none may have
  std::size_t longest_name = 0;
  // The decoded display name of the first author, and the first word of it that
  // is an address.
  std::string author_name, shown_address;
  // A field that stands at the beginning of the body and is missing here: the
  // header ended before its author meant it to.
  std::string lost_field;

  [[nodiscard]] bool Has(std::string_view name) const;  // an address field
};

[[nodiscard]] HeaderFacts ReadHeaderFacts(const Header& header);
// Into facts->header, with what the body and DNS (Reply-To) have to say.
void GatherHeader(Facts* facts, MailDomains* domains);

// Where encoded-words mean nothing and Gmail refuses them: identifiers, Date,
// Received, and of MIME what is no parameter.
[[nodiscard]] bool IsStructuredField(std::string_view name);
[[nodiscard]] bool IsAddressFieldName(std::string_view name);

}  // namespace postern
