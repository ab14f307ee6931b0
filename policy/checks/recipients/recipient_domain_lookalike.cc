// recipient-domain-lookalike: a known misspelling of a mailbox provider
// (lists.mail_domain_typos) that takes mail.
//
// Somebody may be waiting there for mail that is not his. One that takes none
// is recipient-domain-typo's business.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    const bool takes_mail = recipient.mail_domain == MailDomain::kHasMx ||
                            recipient.mail_domain == MailDomain::kAddressOnly;
    if (recipient.meant_domain.empty() || !takes_mail) continue;
    const std::string& domain = recipient.domain->text();
    verdicts.push_back(
        {Outcome::kFail, Subject::Recipient(recipient.address),
         domain + " is a known misspelling of " + recipient.meant_domain,
         "ask the sender whether " + recipient.meant_domain + " was meant"});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainLookalike = {
    .id = "recipient-domain-lookalike",
    .rules = "R05",
    .summary = "A recipient domain is a known misspelling that takes mail.",
    .fix = "ask the sender whether the well-known domain was meant",
    .cites = "conf/lists/mail-domain-typos.txt",
    .level = Level::kShould,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
