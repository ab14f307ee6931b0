// recipient-mx-unusable: a recipient domain whose mail hosts have no address,
// or only addresses that nobody reaches from here.
//
// A private address counts as reached where one of our egress addresses is
// private too.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 4, 4}, "Unable to route", "RFC 3463 s.3.5"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.mail_hosts == MailHosts::kUnusable)
      verdicts.push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "no mail host of " + recipient.domain->text() +
               " can be reached: " + recipient.mail_hosts_fault});
  return verdicts;
}

}  // namespace

constinit const Check kRecipientMxUnusable = {
    .id = "recipient-mx-unusable",
    .rules = "R10",
    .summary =
        "The mail hosts of a recipient domain have private addresses only.",
    .fix =
        "remove the address; for a domain of your own network: "
        "checks.recipient-mx-unusable.action = \"off\"",
    .cites = "RFC 5321 s.5.1; RFC 6890",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
