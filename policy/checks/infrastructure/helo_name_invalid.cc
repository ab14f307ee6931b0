// helo-name-invalid: what we say in EHLO is no name of a mail server, or it is
// the receiver's own.

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     501,
     {5, 5, 4},
     "HELO/EHLO argument invalid",
     "support.google.com/a/answer/3726730"},
    {"m365",
     550,
     {5, 7, 506},
     "Access Denied, Bad HELO",
     "learn.microsoft.com, NDR error codes"},
};

// Microsoft refuses a client that says the name of the server it talks to.
void Impostors(const Facts& facts, const EgressFact& egress,
               std::vector<Verdict>* verdicts) {
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.receiver == "m365" && recipient.domain &&
        recipient.domain->text() == egress.health->helo_name)
      verdicts->push_back(
          {Outcome::kFail, Subject::Recipient(recipient.address),
           "EHLO " + egress.health->helo_name + " is the recipient's domain"});
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    if (!egress.health->helo_fault.empty())
      verdicts.push_back({Outcome::kFail,
                          Subject::Egress(egress.address.ToString()),
                          "EHLO " + egress.health->helo_name + " " +
                              egress.health->helo_fault});
    Impostors(facts, egress, &verdicts);
  }
  return verdicts;
}

}  // namespace

constinit const Check kHeloNameInvalid = {
    .id = "helo-name-invalid",
    .rules = "I04",
    .summary =
        "The EHLO name is not a valid public host name, or is the recipient "
        "domain itself.",
    .fix =
        "give the MTA a public name (Postfix: smtp_helo_name, Sendmail: "
        "confDOMAIN_NAME) and set helo_name to it",
    .cites = "RFC 5321 s.4.1.1.1",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
