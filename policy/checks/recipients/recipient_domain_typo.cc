// recipient-domain-typo: a domain without mail that is one slip away from a
// large mailbox provider (lists.mail_domains).
//
// It is said, never corrected: only the sender knows who was meant.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 1, 2}, "Host or domain name not found", "RFC 3463 s.3.2"},
};

bool IsDead(MailDomain kind) {
  return kind == MailDomain::kNxDomain || kind == MailDomain::kNoMail ||
         kind == MailDomain::kNullMx;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (recipient.meant_domain.empty() || !IsDead(recipient.mail_domain))
      continue;
    const std::string& domain = recipient.domain->text();
    verdicts.push_back(
        {Outcome::kFail, Subject::Recipient(recipient.address),
         "no mail at " + domain + ", which is nearly " + recipient.meant_domain,
         "ask the sender whether " + recipient.meant_domain + " was meant"});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainTypo = {
    .id = "recipient-domain-typo",
    .rules = "R05",
    .summary = "A recipient domain looks like a misspelt mailbox provider.",
    .fix = "ask the sender whether the well-known domain was meant",
    .cites = "RFC 5321 s.5.1",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
