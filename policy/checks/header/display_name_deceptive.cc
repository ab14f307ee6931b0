// display-name-deceptive: readers see the name, not the address behind it.
//
// An address of the same organization deceives nobody. Other things that do not
// belong into a name are display-name-unfit.

#include <string>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "likely unsolicited mail",
     "support.google.com/a/answer/81126, display names"},
    {"selfhost",
     550,
     {5, 7, 1},
     "Spam message rejected",
     "SpamAssassin 4.0, FROM_NAME_SPOOF plugin"},
};

bool IsSameOrganization(const Domain& a, const Domain& b) {
  const std::optional<Domain> one = RegistrableDomain(a);
  return a.IsWithin(b) || b.IsWithin(a) || (one && one == RegistrableDomain(b));
}

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.from.mailboxes.size() != 1 || !facts.author_domain) return {};
  const std::string& shown = facts.header.shown_address;
  const std::optional<Domain> domain = DomainOf(shown);
  if (!domain || IsSameOrganization(*domain, *facts.author_domain)) return {};
  return FailsWith(
      "\"" + EscapeForLog(shown, 80) + "\" shown for " +
      EscapeForLog(facts.from.mailboxes.front().address.ToString(), 80));
}

}  // namespace

constinit const Check kDisplayNameDeceptive = {
    .id = "display-name-deceptive",
    .rules = "H36",
    .summary = "The display name shows an address of another domain.",
    .fix =
        "write the sender's own name there; an address where replies shall go "
        "belongs into Reply-To",
    .cites =
        "support.google.com/a/answer/81126; Mimecast impersonation protection",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
