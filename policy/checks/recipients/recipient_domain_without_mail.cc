// recipient-domain-without-mail: a recipient domain that exists but has no mail
// host.
//
// An unanswered look-up is reported by recipient-domain-nxdomain.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     550,
     {5, 1, 2},
     "Host or domain name not found: no MX, A or AAAA record",
     "RFC 5321 s.5.1"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.mail_domain == MailDomain::kNoMail)
      verdicts.push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "no MX, A or AAAA record: " + recipient.domain->text()});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainWithoutMail = {
    .id = "recipient-domain-without-mail",
    .rules = "R03",
    .summary = "A recipient domain has neither MX nor address records.",
    .fix =
        "correct or remove the address; if the domain is yours, publish its MX",
    .cites = "RFC 5321 s.5.1",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
