// A message without From gets the address of whoever handed it in: the first
// that the operator's rule for the login or client names (senders.rules), else
// the envelope sender, as Postfix does it (always_add_missing_headers).

#include <string>

#include "policy/base/text.h"
#include "policy/message/address.h"
#include "policy/message/charset.h"
#include "policy/message/fold.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

std::string AddressOf(const Facts& facts) {
  const SenderPermission& permission = facts.sender_permission;
  if (!permission.own_address.empty()) return permission.own_address;
  const bool may_use = permission.envelope == Permission::kNoRule ||
                       permission.envelope == Permission::kPermitted;
  return may_use ? facts.message->envelope.mail_from : std::string();
}

}  // namespace

bool AddAuthor(const Facts& facts, Message* message) {
  const std::string address = AddressOf(facts);
  const bool is_possible =
      message->header.Count("From") == 0 && !facts.is_forwarded &&
      !facts.IsFieldCovered("From") && !address.empty() && IsAscii(address) &&
      PathFault(address).empty() && DomainOf(address);
  if (!is_possible) return false;
  const std::optional<std::string> value = FoldValue("From", address);
  if (!value) return false;
  message->header.Append("From", *value);
  return true;
}

}  // namespace postern
