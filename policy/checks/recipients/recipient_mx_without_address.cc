// recipient-mx-without-address: a recipient domain none of whose mail hosts has
// an address.
//
// Told only: the MTA finds it as well, and returns the mail or waits for a zone
// that is being mended.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 4, 4}, "Unable to route", "RFC 3463 s.3.5"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    const bool has_hosts = recipient.mail_domain == MailDomain::kHasMx ||
                           recipient.mail_domain == MailDomain::kAddressOnly;
    if (!has_hosts) continue;
    if (recipient.mail_hosts == MailHosts::kUnknown)
      verdicts.push_back({Outcome::kUnknown,
                          Subject::Recipient(recipient.address),
                          "DNS did not answer for the mail hosts of " +
                              recipient.domain->text()});
    if (recipient.mail_hosts == MailHosts::kNoAddress)
      verdicts.push_back({Outcome::kFail, Subject::Recipient(recipient.address),
                          "mail hosts of " + recipient.domain->text() + ": " +
                              recipient.mail_hosts_fault});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientMxWithoutAddress = {
    .id = "recipient-mx-without-address",
    .rules = "R10",
    .summary = "No mail host of a recipient domain has an address.",
    .fix =
        "remove the address, or tell the domain's owner that the MX needs an A "
        "or AAAA record",
    .cites = "RFC 5321 s.5.1",
    .level = Level::kMust,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
