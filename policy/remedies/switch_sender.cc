// The envelope sender becomes a mailbox of the operator's bounce domain, with
// the original written into it (VERP), when its own domain forbids our egress
// or cannot take bounces. Only with sender.bounce_domain configured.

#include <string>

#include "policy/remedies/remedy.h"

namespace postern {

bool SwitchSender(const Facts& facts, Message* message) {
  const std::optional<Domain>& bounces = facts.config->bounce_domain;
  std::string& mail_from = message->envelope.mail_from;
  if (!bounces || mail_from.empty()) return false;
  if (facts.mail_from_domain && *facts.mail_from_domain == *bounces)
    return false;
  const std::optional<AddrSpec> original = ParsePath(mail_from);
  if (!original || original->local_part.starts_with('"')) return false;
  const std::string local =
      "bounces+" + original->local_part + "=" + original->domain;
  if (local.size() > 64) return false;  // RFC 5321 s.4.5.3.1.1
  mail_from = local + "@" + bounces->text();
  return true;
}

}  // namespace postern
