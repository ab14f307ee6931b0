// recipient-domain-nxdomain: a recipient domain that DNS says does not exist.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 1, 2}, "Host or domain name not found", "RFC 3463 s.3.2"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.mail_domain == MailDomain::kUnknown && recipient.domain)
      verdicts.push_back(
          {Outcome::kUnknown, Subject::Recipient(recipient.address),
           "DNS did not answer for " + recipient.domain->text()});
    if (recipient.mail_domain == MailDomain::kNxDomain)
      verdicts.push_back({Outcome::kFail, Subject::Recipient(recipient.address),
                          "no such domain: " + recipient.domain->text()});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainNxdomain = {
    .id = "recipient-domain-nxdomain",
    .rules = "R02",
    .summary = "A recipient domain does not exist.",
    .fix = "correct or remove the address; mind misspellings of the domain",
    .cites = "RFC 5321 s.5.1",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
