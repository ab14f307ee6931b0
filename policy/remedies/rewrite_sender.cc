// A sender or author that is not permitted becomes the first address that is,
// where the operator wants it (senders.rewrite).

#include <string>

#include "policy/remedies/author_field.h"
#include "policy/remedies/remedy.h"

namespace postern {

bool RewriteSender(const Facts& facts, Message* message) {
  const std::string& identity = facts.sender_permission.identity;
  // A null reverse-path asks for no bounces: an address would get them.
  if (identity.empty() || message->envelope.mail_from.empty()) return false;
  message->envelope.mail_from = identity;
  return true;
}

bool RewriteAuthor(const Facts& facts, Message* message) {
  const std::string& identity = facts.sender_permission.identity;
  if (identity.empty() || facts.IsFieldCovered("From") ||
      facts.IsFieldCovered("Sender"))
    return false;
  if (!ReplaceAuthor(facts, {.address = identity, .via = {}}, message))
    return false;
  // The author is the sender now, and one address needs no second field.
  message->header.RemoveAll("Sender");
  return true;
}

}  // namespace postern
