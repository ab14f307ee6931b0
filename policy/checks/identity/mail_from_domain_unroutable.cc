// mail-from-domain-unroutable: replies and bounces to this envelope sender go
// nowhere.
//
// Receivers answer 450 or 554; the 450 never heals by itself.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     450,
     {4, 1, 8},
     "Sender address rejected: Domain not found",
     "Postfix reject_unknown_sender_domain"},
    {"proofpoint",
     550,
     {5, 1, 8},
     "Domain of sender address does not exist",
     "SMTP Field Manual: Proofpoint replies"},
    {"united-internet",
     554,
     {5, 1, 8},
     "Invalid DNS MX or A/AAAA resource record",
     "postmaster.gmx.net, error code list"},
    {"yahoo",
     554,
     {5, 1, 8},
     "unresolvable RFC.5321 from domain",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.mail_from_domain) return {};
  switch (facts.mail_from_mail_domain) {
    case MailDomain::kUnknown:
      return UnknownFor("DNS did not answer for " +
                        facts.mail_from_domain->text());
    case MailDomain::kNxDomain:
      return FailsWith("no such domain: " + facts.mail_from_domain->text());
    case MailDomain::kNoMail:
      return FailsWith("no MX, A or AAAA record: " +
                       facts.mail_from_domain->text());
    case MailDomain::kHasMx:
    case MailDomain::kAddressOnly:
    case MailDomain::kNullMx:  // null-mx-sender's business
      return {};
  }
  return {};
}

}  // namespace

constinit const Check kMailFromDomainUnroutable = {
    .id = "mail-from-domain-unroutable",
    .rules = "S26",
    .summary = "The envelope sender's domain cannot receive mail.",
    .fix =
        "send under a domain with an MX (Postfix: myorigin; sendmail -f), or "
        "set sender.bounce_domain",
    .cites = "RFC 5321 s.5.1",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
