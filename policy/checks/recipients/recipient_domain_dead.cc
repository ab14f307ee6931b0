// recipient-domain-dead: a domain whose mail service was closed
// (lists.dead_domains).

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 1, 2}, "Host or domain name not found", "RFC 3463 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.domain &&
        facts.config->dead_domains.contains(recipient.domain->text()))
      verdicts.push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "the mail service of " + recipient.domain->text() + " was closed"});
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainDead = {
    .id = "recipient-domain-dead",
    .rules = "R16",
    .summary = "A recipient domain belongs to a mail service that was closed.",
    .fix = "remove the address; ask its owner for the new one",
    .cites = "conf/lists/dead-domains.txt",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
