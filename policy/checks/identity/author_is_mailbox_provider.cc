// author-is-mailbox-provider: From names a mailbox at a public provider
// (conf/lists/mailbox-providers.txt), whose mail only the provider can
// authenticate.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "Unauthenticated email from the domain is not accepted due to the "
     "domain's DMARC policy",
     "support.google.com/a/answer/81126: do not impersonate Gmail From "
     "headers"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.author_domain ||
      !facts.config->mailbox_providers.contains(facts.author_domain->text()))
    return {};
  std::vector<Verdict> verdicts;
  for (const DmarcOutcome& at : facts.dmarc.all) {
    const Vouched vouched = VouchedAt(facts, at);
    if (vouched == Vouched::kYes) continue;
    AddVerdicts(facts, at, Concerned::kAll,
                {.outcome = vouched == Vouched::kNo ? Outcome::kFail
                                                    : Outcome::kUnknown,
                 .detail = "author " + facts.author_domain->text() + ": " +
                           Authentication(facts, at)},
                &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kAuthorIsMailboxProvider = {
    .id = "author-is-mailbox-provider",
    .rules = "S18",
    .summary =
        "The author has a mailbox at a public provider, and we are not that "
        "provider.",
    .fix =
        "write From a domain of yours, that mailbox in Reply-To "
        "(from.munge_address), or send by the provider",
    .cites = "support.google.com/a/answer/81126; RFC 7960 s.3",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
