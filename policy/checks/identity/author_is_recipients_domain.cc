// author-is-recipients-domain: the author claims the recipient's own domain,
// and nothing vouches for it; gateways take that for spoofing.

#include "policy/checks/catalogue.h"
#include "policy/checks/identity/dmarc_verdicts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"mimecast",
     550,
     {5, 7, 1},
     "Rejected by header based Anti-Spoofing policy",
     "Mimecast knowledge base: SMTP error codes"},
    {"barracuda",
     550,
     {5, 7, 1},
     "rejecting spoofed message",
     "sisimai and SMTP Field Manual: Barracuda replies"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (!facts.author_domain || recipient.domain != facts.author_domain)
      continue;
    for (const DmarcOutcome& at : facts.dmarc.all) {
      if (at.method != MethodOf(recipient)) continue;
      const Vouched vouched = VouchedAt(facts, at);
      if (vouched == Vouched::kYes) continue;
      verdicts.push_back(
          {vouched == Vouched::kNo ? Outcome::kFail : Outcome::kUnknown,
           Subject::Recipient(recipient.address),
           "author and recipient at " + facts.author_domain->text() + ": " +
               Authentication(facts, at)});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kAuthorIsRecipientsDomain = {
    .id = "author-is-recipients-domain",
    .rules = "S36",
    .summary =
        "The author claims the recipient's own domain without its "
        "authorisation.",
    .fix =
        "have them put us into their SPF or sign with a key of theirs; or use "
        "from.munge_address",
    .cites =
        "Mimecast: anti-spoofing policies; learn.microsoft.com: spoof "
        "intelligence",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
