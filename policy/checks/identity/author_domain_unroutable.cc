// author-domain-unroutable: replies to the author go nowhere.
//
// A null MX is null-mx-sender's business.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 1, 8},
     "unresolvable RFC.5322 from domain",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.author_domain) return {};
  const std::string& domain = facts.author_domain->text();
  switch (facts.author_mail_domain) {
    case MailDomain::kUnknown:
      return UnknownFor("DNS did not answer for " + domain);
    case MailDomain::kNxDomain:
      return FailsWith("no such domain: " + domain);
    case MailDomain::kNoMail:
      return FailsWith("no MX, A or AAAA record: " + domain);
    case MailDomain::kHasMx:
    case MailDomain::kAddressOnly:
    case MailDomain::kNullMx:
      return {};
  }
  return {};
}

}  // namespace

constinit const Check kAuthorDomainUnroutable = {
    .id = "author-domain-unroutable",
    .rules = "S29",
    .summary = "The author's domain cannot receive mail.",
    .fix =
        "write From in a domain that takes mail; if it is yours and spelt so, "
        "publish its MX",
    .cites = "RFC 5321 s.5.1; senders.yahooinc.com/smtp-error-codes",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
