// sender-not-permitted: whoever handed the message in may not use its envelope
// sender, by the operator's own rules.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    // Ours; the code that Postfix gives for a sender that the login does not
    // own.
    {"any", 553, {5, 7, 1}, "", "RFC 6409 s.6.1; RFC 5321 s.4.2.3"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const SenderPermission& permission = facts.sender_permission;
  if (permission.envelope != Permission::kForbidden) return {};
  // What may be rewritten is judged once all of the message is there.
  if (!facts.has_content && !permission.identity.empty()) return {};
  return FailsWith(permission.who + " may not use the envelope sender <" +
                   facts.message->envelope.mail_from + ">");
}

}  // namespace

constinit const Check kSenderNotPermitted = {
    .id = "sender-not-permitted",
    .rules = "S25",
    .summary = "The login, user or client may not use this envelope sender.",
    .fix =
        "operator: allow it in senders.rules or senders.map, or set "
        "senders.rewrite; author: use your address",
    .cites = "RFC 6409 s.6.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
