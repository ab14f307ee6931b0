// recipient-syntax: a recipient address that no SMTP server can take.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"any",
     553,
     {5, 1, 3},
     "The recipient address is not a valid RFC 5321 address",
     "support.google.com/a/answer/3726730"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const RecipientFact& recipient : facts.recipients) {
    if (!recipient.path_fault.empty())
      verdicts.push_back({Outcome::kFail, Subject::Recipient(recipient.address),
                          recipient.path_fault});
  }
  return verdicts;
}

}  // namespace

constinit const Check kRecipientSyntax = {
    .id = "recipient-syntax",
    .rules = "R01",
    .summary = "A recipient address is not RFC 5321 syntax.",
    .fix =
        "correct the address to user@DOMAIN: no blanks, no dot doubled or at "
        "an end, no dot behind it",
    .cites = "RFC 5321 s.4.1.2",
    .level = Level::kMust,
    .action = Action::kReject,
    .at_rcpt = true,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
