// The envelope sender becomes a mailbox of the operator's bounce domain, with
// the original written into it, when its own domain forbids our egress or
// cannot take bounces. Only with sender.bounce_domain configured.

#include "policy/remedies/bounce_address.h"
#include "policy/remedies/remedy.h"

namespace postern {

bool SwitchSender(const Facts& facts, Message* message) {
  std::string& mail_from = message->envelope.mail_from;
  std::optional<std::string> address =
      BounceAddressFor(mail_from, *facts.config, facts.received_at);
  if (!address) return false;
  mail_from = std::move(*address);
  return true;
}

}  // namespace postern
