// Edits: what the MTA is told to change, derived from two states of a message.
//
// The order is safe on Postfix and on Sendmail: fields are replaced first, then
// deleted from the highest index down (Postfix renumbers, Sendmail does not),
// then added. Signatures go in last, at the top.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "policy/config/config.h"
#include "policy/message/message.h"

namespace postern {

// Replaces the index-th field of that name (from 1), or appends it when there
// is none. The value carries its own leading space; folds are LF + white space.
struct SetHeader {
  std::string name;
  std::size_t index = 1;
  std::string value;
};
struct DeleteHeader {
  std::string name;
  std::size_t index = 1;
};
// Above everything else, the MTA's Received included.
struct InsertHeader {
  std::string name;
  std::string value;
};
struct ReplaceBody {
  Body body;
};
struct ChangeSender {
  std::string mail_from;  // without angle brackets
};
struct AddRecipient {
  ForwardPath path;
};
struct DeleteRecipient {
  std::string address;
};
using Edit = std::variant<SetHeader, DeleteHeader, InsertHeader, ReplaceBody,
                          ChangeSender, AddRecipient, DeleteRecipient>;

// What turns the message as received into the mended one. Recipients are not
// compared.
[[nodiscard]] std::vector<Edit> EditsBetween(const Message& received,
                                             const Message& mended);

// Each recipient that goes, sent to the domain of the route that was chosen;
// nothing where the route has none. Added before any is deleted: an MTA drops a
// message without recipients in silence.
[[nodiscard]] std::vector<Edit> EditsForRoute(
    const Message& message, const std::vector<EgressRoute>& routes,
    const std::vector<std::string>& held_recipients);

}  // namespace postern
