// recipient-domains-mixed: recipients of several domains at Google, of which it
// takes one in a transaction.
//
// Postfix sends to one domain at a time. Sendmail puts recipients whose MX
// lists are equal into one transaction, whatever their domains; those of
// Google's customers mostly are. The second domain then waits for the next
// queue run.

#include <set>
#include <string>
#include <vector>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr std::string_view kGoogle = "google";

constexpr PredictedReply kPredicts[] = {
    {"google",
     451,
     {4, 3, 0},
     "Multiple destination domains per transaction is unsupported",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (facts.message->submission.mta_kind != MtaKind::kSendmail) return {};
  std::set<std::string> domains;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.domain && recipient.receiver == kGoogle)
      domains.insert(recipient.domain->text());
  if (domains.size() < 2) return {};
  return {
      {Outcome::kFail, Subject::Receiver(std::string(kGoogle)),
       std::to_string(domains.size()) + " domains, one is taken at a time"}};
}

}  // namespace

constinit const Check kRecipientDomainsMixed = {
    .id = "recipient-domains-mixed",
    .rules = "R14",
    .summary = "Recipients of several domains at Google share a transaction.",
    .fix =
        "let Sendmail send to one recipient at a time: "
        "define(`SMTP_MAILER_MAXRCPTS', `1')",
    .cites = "support.google.com/a/answer/3726730",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
