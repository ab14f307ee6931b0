// too-many-recipients: more recipients at one receiver than it takes in one
// transaction.
//
// MTAs split a message by their own limit, so it depends on that whether the
// receiver ever sees so many: a risk, no more.

#include <map>
#include <string>
#include <vector>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     452,
     {4, 5, 3},
     "Your message has too many recipients",
     "support.google.com/a/answer/3726730"},
    {"m365",
     452,
     {4, 5, 3},
     "Too many recipients",
     "learn.microsoft.com: Exchange Online non-delivery reports"},
    {"mimecast",
     452,
     {4, 5, 3},
     "Too many recipients",
     "community.mimecast.com: SMTP error codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::map<const ReceiverProfile*, int> counts;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.profile != nullptr && recipient.profile->max_recipients > 0)
      ++counts[recipient.profile];
  std::vector<Verdict> verdicts;
  for (const auto& [profile, count] : counts) {
    const int limit = profile->max_recipients;
    if (count <= limit) continue;
    verdicts.push_back(
        {Outcome::kFail, Subject::Receiver(profile->name),
         std::to_string(count) + " recipients, limit " + std::to_string(limit),
         "let the MTA send to at most " + std::to_string(limit) +
             " at a time (Postfix: smtp_destination_recipient_limit, 50 by "
             "default; Sendmail: r= of the mailer)"});
  }
  return verdicts;
}

}  // namespace

constinit const Check kTooManyRecipients = {
    .id = "too-many-recipients",
    .rules = "R13",
    .summary = "There are more recipients at a receiver than it takes at once.",
    .fix =
        "let the MTA send to fewer at a time (Postfix: "
        "smtp_destination_recipient_limit; Sendmail: r= of the mailer)",
    .cites = "RFC 5321 s.4.5.3.1.8",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
