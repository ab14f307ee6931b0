// author-domain-not-public: an author whose domain nobody outside can know.
//
// A reserved name that our DNS knows is reached inside of a network: it is left
// alone. Whether a public one exists is author-domain-unroutable's business.

#include <algorithm>
#include <string>

#include "policy/base/domain.h"
#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Messages with a non-compliant domain name in the From: header",
     "support.google.com/a/answer/3726730"},
    {"godaddy",
     550,
     {5, 7, 1},
     "IB502: From domain is not valid",
     "GoDaddy bounce codes"},
    {"m365",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 7, 512},
     "Message must be RFC 5322 section 3.6.2 compliant",
     "learn.microsoft.com, NDR error codes"},
};

// RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476; "internal" by ICANN.
constexpr std::string_view kReserved[] = {
    "alt",   "example",   "home.arpa", "internal", "invalid",
    "local", "localhost", "onion",     "test",
};

bool IsReserved(const std::string& domain) {
  return std::ranges::any_of(kReserved, [&](std::string_view reserved) {
    return domain == reserved || domain.ends_with("." + std::string(reserved));
  });
}

// What is wrong with the name itself.
std::string Fault(const std::string& written) {
  const std::string shown = EscapeForLog(written, 80);
  if (written.starts_with("[")) return "an address literal: " + shown;
  const std::optional<Domain> domain = Domain::Parse(written);
  if (!domain) return "no domain name: " + shown;
  if (!Contains(domain->text(), ".")) return "a single label: " + shown;
  if (Contains(domain->text(), "_")) return "an underscore in " + shown;
  return {};
}

std::vector<Verdict> Run(const Facts& facts) {
  for (const Mailbox& mailbox : facts.from.mailboxes) {
    const std::string fault = Fault(mailbox.address.domain);
    if (!fault.empty()) return FailsWith(fault);
  }
  if (!facts.author_domain || !IsReserved(facts.author_domain->text()))
    return {};
  switch (facts.author_mail_domain) {
    case MailDomain::kUnknown:
      return UnknownFor("DNS did not answer for " +
                        facts.author_domain->text());
    case MailDomain::kNxDomain:
    case MailDomain::kNoMail:
      return FailsWith("reserved: " + facts.author_domain->text());
    case MailDomain::kHasMx:
    case MailDomain::kAddressOnly:
    case MailDomain::kNullMx:
      return {};
  }
  return {};
}

}  // namespace

constinit const Check kAuthorDomainNotPublic = {
    .id = "author-domain-not-public",
    .rules = "H10",
    .summary = "The domain in From is no name of the public Internet.",
    .fix =
        "write From in a public domain of yours; Postfix: myorigin for new "
        "addresses, sender_canonical_maps for old",
    .cites = "RFC 5321 s.2.3.5; RFC 6761 s.6",
    .level = Level::kMust,
    .action = Action::kReject,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
