// recipient-null-mx: a recipient domain with a null MX.
//
// An unanswered look-up is reported by recipient-domain-nxdomain.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 556, {5, 1, 10}, "Recipient address has null MX", "RFC 7505 s.4.1"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.mail_domain == MailDomain::kNullMx)
      verdicts.push_back({Outcome::kFail, Subject::Recipient(recipient.address),
                          "null MX at " + recipient.domain->text()});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientNullMx = {
    .id = "recipient-null-mx",
    .rules = "R04",
    .summary = "A recipient domain says that it takes no mail (null MX).",
    .fix = "remove the address: its domain takes no mail",
    .cites = "RFC 7505 s.4",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
