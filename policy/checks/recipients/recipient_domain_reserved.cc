// recipient-domain-reserved: a domain that can never be found on the Internet.
//
// One that our DNS knows is reached inside of a network: it is left alone.

#include <algorithm>
#include <string>

#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any", 550, {5, 1, 2}, "Host or domain name not found", "RFC 3463 s.3.2"},
};

// RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476; "internal" by ICANN.
constexpr std::string_view kReserved[] = {
    "alt",       "example",     "example.com", "example.net",
    "home.arpa", "example.org", "internal",    "invalid",
    "local",     "localhost",   "onion",       "test",
};

bool IsReserved(std::string_view domain) {
  if (!Contains(domain, ".")) return true;
  return std::ranges::any_of(kReserved, [&](std::string_view reserved) {
    return domain == reserved || domain.ends_with("." + std::string(reserved));
  });
}

bool IsMissing(MailDomain kind) {
  return kind == MailDomain::kNxDomain || kind == MailDomain::kNoMail;
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.domain && IsMissing(recipient.mail_domain) &&
        IsReserved(recipient.domain->text()))
      verdicts.push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "not a domain of the Internet: " + recipient.domain->text()});
  return verdicts;
}

}  // namespace

constinit const Check kRecipientDomainReserved = {
    .id = "recipient-domain-reserved",
    .rules = "R09",
    .summary = "A recipient domain is reserved or a single label.",
    .fix =
        "write the full address, in a domain of the Internet; take test data "
        "out of the list",
    .cites = "RFC 6761 s.6; RFC 5321 s.2.3.5",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
