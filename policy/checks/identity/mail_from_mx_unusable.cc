// mail-from-mx-unusable: bounces to this envelope sender cannot be delivered.
//
// What cannot be found at all is mail-from-domain-unroutable's business.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 1, 8},
     "Sender verify failed",
     "Exim verify = sender; Postfix reject_unverified_sender"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const bool has_hosts =
      facts.mail_from_mail_domain == MailDomain::kHasMx ||
      facts.mail_from_mail_domain == MailDomain::kAddressOnly;
  if (!facts.mail_from_domain || !has_hosts) return {};
  const std::string& domain = facts.mail_from_domain->text();
  switch (facts.mail_from_mail_hosts) {
    case MailHosts::kReachable:
      return {};
    case MailHosts::kUnknown:
      return UnknownFor("DNS did not answer for the mail hosts of " + domain);
    case MailHosts::kNoAddress:
    case MailHosts::kUnusable:
      return FailsWith("no mail host of " + domain +
                       " can be reached: " + facts.mail_from_mail_hosts_fault);
  }
  return {};
}

}  // namespace

constinit const Check kMailFromMxUnusable = {
    .id = "mail-from-mx-unusable",
    .rules = "S31",
    .summary = "No mail host of the envelope sender's domain can be reached.",
    .fix =
        "give the domain an MX with a public address, or set "
        "sender.bounce_domain",
    .cites = "RFC 5321 s.5.1; RFC 6890",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
