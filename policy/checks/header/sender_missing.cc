// sender-missing: who of several authors has sent it is nowhere said.

#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->header.Count("From") != 1) return {};
  for (const AddressField& field : facts.header.addresses)
    if (EqualsIgnoreCase(field.name, "Sender") &&
        field.list.mailboxes.size() > 1)
      return FailsWith("Sender with " +
                       std::to_string(field.list.mailboxes.size()) +
                       " addresses");
  const bool is_said =
      facts.from.mailboxes.size() < 2 || facts.header.Has("Sender");
  if (is_said) return {};
  return FailsWith(std::to_string(facts.from.mailboxes.size()) +
                   " authors and no Sender");
}

}  // namespace

constinit const Check kSenderMissing = {
    .id = "sender-missing",
    .rules = "H34",
    .summary = "Several authors and no Sender, or several senders.",
    .fix =
        "write one author in From, or Sender with the one address that sends",
    .cites = "RFC 5322 s.3.6.2",
    .level = Level::kNotice,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .run = Run,
};

}  // namespace postern
