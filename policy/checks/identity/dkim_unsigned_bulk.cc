// dkim-unsigned-bulk: one of a mailing leaves unsigned, to receivers that
// demand DKIM of mailings.

#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 30},
     "bulk mail: DKIM did not pass",
     "support.google.com/a/answer/3726730"},
    {"outlook",
     550,
     {5, 7, 515},
     "Access denied, sending domain does not meet the required authentication "
     "level: Dkim=None",
     "Outlook.com postmaster pages"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.LeavesUnsigned()) return {};
  std::set<std::string> demanding;
  for (const PredictedReply& reply : kPredicts)
    for (const RecipientFact& recipient : facts.recipients)
      if (recipient.receiver == reply.receiver &&
          facts.IsBulkAt(recipient.receiver))
        demanding.insert(recipient.receiver);
  std::vector<Verdict> verdicts;
  for (const std::string& receiver : demanding)
    verdicts.push_back(
        {Outcome::kFail, Subject::Receiver(receiver),
         facts.WhyBulkAt(receiver) + ", " + facts.signing.unsigned_reason});
  return verdicts;
}

}  // namespace

constinit const Check kDkimUnsignedBulk = {
    .id = "dkim-unsigned-bulk",
    .rules = "S08",
    .summary = "A mailing is unsigned where mailings must be signed.",
    .fix =
        "no key for a domain of yours: postern keygen DOMAIN, publish its "
        "record, name it in signing.domains",
    .cites = "support.google.com/a/answer/81126; Outlook.com postmaster pages",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
