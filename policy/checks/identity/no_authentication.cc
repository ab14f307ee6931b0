// no-authentication: a message that nothing vouches for.
//
// An SPF fail is spf-fail's business.

#include <algorithm>
#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 26},
     "This mail has been blocked because the sender is unauthenticated. Gmail "
     "requires all senders to authenticate with either SPF or DKIM",
     "support.google.com/a/answer/3726730"},
    {"yahoo",
     550,
     {5, 7, 9},
     "This mail has been blocked because the sender is unauthenticated, "
     "requires SPF or DKIM",
     "senders.yahooinc.com/smtp-error-codes"},
};

// A DKIM signature passes, or nobody knows yet.
bool HasHope(const Facts& facts) {
  return std::any_of(facts.dkim.begin(), facts.dkim.end(),
                     [](const DkimFact& dkim) {
                       return dkim.result == DkimResult::kPass ||
                              dkim.result == DkimResult::kTempError;
                     });
}

// The receivers of this message that demand SPF or DKIM.
std::set<std::string_view> Demanding(const Facts& facts) {
  std::set<std::string_view> names;
  for (const PredictedReply& reply : kPredicts)
    for (const RecipientFact& recipient : facts.recipients)
      if (recipient.receiver == reply.receiver) names.insert(reply.receiver);
  return names;
}

bool IsBare(SpfResult result) {
  return result == SpfResult::kNone || result == SpfResult::kNeutral ||
         result == SpfResult::kSoftfail || result == SpfResult::kPermError;
}

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.has_content || HasHope(facts)) return {};
  std::vector<Verdict> verdicts;
  for (const SpfFact& spf : facts.spf) {
    if (!IsBare(spf.result)) continue;
    const std::string detail = "SPF of " + spf.domain + " at " + spf.egress +
                               " is " + std::string(ToString(spf.result)) +
                               ", no DKIM signature will pass";
    for (const std::string_view receiver : Demanding(facts))
      verdicts.push_back({Outcome::kFail,
                          Subject::Receiver(std::string(receiver)), detail,
                          spf.fix});
    if (facts.recipients.empty())
      verdicts.push_back({Outcome::kFail, Subject::Message(), detail, spf.fix});
  }
  return verdicts;
}

}  // namespace

constinit const Check kNoAuthentication = {
    .id = "no-authentication",
    .rules = "S03",
    .summary = "Neither SPF nor DKIM will pass.",
    .fix =
        "sign for the author's domain (signing.domains), and list our egress "
        "in the envelope domain's SPF",
    .cites = "support.google.com/a/answer/81126; senders.yahooinc.com",
    .level = Level::kMust,
    .action = Action::kHold,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
