// Address syntax of header fields (RFC 5322 s.3.4) and of the envelope
// (RFC 5321 s.4.1.2), read as strictly as a receiver that refuses would.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/base/domain.h"

namespace postern {

struct AddrSpec {
  std::string local_part;
  std::string domain;  // as written; may be an address literal "[192.0.2.1]"
  [[nodiscard]] std::string ToString() const {
    return local_part + "@" + domain;
  }
};

struct Mailbox {
  std::string display_name;  // quotes removed, encoded-words left as they are
  AddrSpec address;
};

struct AddressList {
  std::vector<Mailbox> mailboxes;  // those of groups included
  bool is_empty = false;           // nothing but comments and white space
  bool has_group = false;
  std::string error;  // empty: well-formed by RFC 5322 (obsolete forms allowed)
};

// An address-list from an unfolded or folded field value. Stops reading at
// 100,000 octets or 10,000 mailboxes with an error.
[[nodiscard]] AddressList ParseAddressList(std::string_view value);

// The one mailbox of a value whose only fault is a display name that should
// have been quoted, as in "a@example.org <a@example.org>" or "Sales [EU] <…>":
// receivers take the address in the angle brackets. nullopt: none, or a comma,
// quote or bracket that could make it several.
[[nodiscard]] std::optional<Mailbox> LoneMailbox(std::string_view value);

// A mailbox as MAIL FROM and RCPT TO carry it, without angle brackets; UTF-8 is
// taken (RFC 6531). The null reverse-path is no mailbox.
[[nodiscard]] std::optional<AddrSpec> ParsePath(std::string_view path);
// Why a path is not RFC 5321 syntax; empty when it is. Non-ASCII is a fault,
// unless the client declared SMTPUTF8 (RFC 6531).
enum class PathCharacters { kAscii, kUtf8 };
[[nodiscard]] std::string PathFault(
    std::string_view path, PathCharacters allowed = PathCharacters::kAscii);

// The part after the last "@" as a Domain; nullopt: none, or a literal.
[[nodiscard]] std::optional<Domain> DomainOf(std::string_view address);

}  // namespace postern
