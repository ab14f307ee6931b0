// null-sender-many-recipients: a bounce has one recipient.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 5, 3},
     "Multi-recipient bounce",
     "Postfix reject_multi_recipient_bounce"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const std::size_t count = facts.recipients.size();
  if (!facts.message->envelope.mail_from.empty() || count < 2) return {};
  return {{Outcome::kFail, Subject::Message(),
           "null sender, " + std::to_string(count) + " recipients"}};
}

}  // namespace

constinit const Check kNullSenderManyRecipients = {
    .id = "null-sender-many-recipients",
    .rules = "S32",
    .summary = "A message with a null sender has several recipients.",
    .fix = "send one transaction for each recipient, or give a sender",
    .cites = "RFC 5321 s.4.5.5",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
