// local-part-exotic: valid in quotes, and still refused by policy.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 7, 9},
     "Message not allowed - [299]",
     "senders.yahooinc.com/smtp-error-codes"},
    {"selfhost",
     550,
     {5, 1, 3},
     "Restricted characters in address",
     "Exim 4.96 default configuration"},
};

// Encoded-words in an address are encoded-word-misplaced's business.
bool IsExotic(const AddrSpec& address) {
  return address.local_part.find_first_of("\",$%?{}<>|! ") !=
             std::string::npos &&
         !Contains(address.local_part, "=?");
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const Mailbox& mailbox : facts.from.mailboxes)
    if (IsExotic(mailbox.address))
      return FailsWith("From: " + EscapeForLog(mailbox.address.ToString(), 80));
  for (const AddressField& field : facts.header.addresses) {
    if (!EqualsIgnoreCase(field.name, "To") &&
        !EqualsIgnoreCase(field.name, "Cc"))
      continue;
    for (const Mailbox& mailbox : field.list.mailboxes)
      if (IsExotic(mailbox.address))
        return FailsWith(field.name + ": " +
                         EscapeForLog(mailbox.address.ToString(), 80));
  }
  return {};
}

}  // namespace

constinit const Check kLocalPartExotic = {
    .id = "local-part-exotic",
    .rules = "H37",
    .summary = "A local part has characters that receivers refuse.",
    .fix =
        "use an address of letters, digits, dots and hyphens; routes as "
        "user%host@ are refused as relaying",
    .cites =
        "senders.yahooinc.com/smtp-error-codes; Exim restricted characters",
    .level = Level::kShould,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
