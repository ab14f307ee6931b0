// egress-listed: the address is on a list that most receivers refuse from.
//
// A listing ends when it is asked for: what is certainly refused is deferred,
// not returned. A list that refuses our resolver is unknown; one that the
// resolver does not reach at all is not asked (the daemon and `postern doctor`
// say so).

#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     553,
     {5, 7, 1},
     "[BL21] Connections will not be accepted, because the ip is in Spamhaus "
     "list",
     "senders.yahooinc.com/smtp-error-codes"},
    {"m365",
     550,
     {5, 7, 1},
     "Service unavailable, Client host blocked using Spamhaus (AS16012611)",
     "learn.microsoft.com, NDR error codes"},
    {"outlook",
     550,
     {5, 7, 1},
     "messages weren't sent: part of their network is on our block list "
     "(S3150)",
     "Outlook.com postmaster pages"},
    {"apple",
     554,
     {5, 7, 1},
     "Mail from IP was rejected due to listing in Spamhaus SBL",
     "seen in bounces"},
    {"comcast",
     554,
     {5, 7, 1},
     "BL000001: listed by Spamhaus Zen",
     "postmaster.comcast.net"},
    {"cox",
     554,
     {5, 7, 1},
     "AUP#IPBL: on a blocklist",
     "cox.com: email error codes"},
    {"charter",
     554,
     {5, 7, 1},
     "AUP#I-1200: listed by Spamhaus",
     "spectrum.net: email error codes"},
    {"united-internet",
     554,
     {5, 7, 1},
     "IP address is block listed (c=r0201)",
     "postmaster.gmx.net, error code list"},
    {"selfhost",
     554,
     {5, 7, 1},
     "Service unavailable; Client host blocked using zen.spamhaus.org",
     "Postfix reject_rbl_client"},
};

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (!egress.health) continue;
    const Subject subject = Subject::Egress(egress.address.ToString());
    for (const Listing& list : egress.health->address_lists) {
      const bool is_known = list.status == ListStatus::kAnswers;
      const bool is_unknown = list.status == ListStatus::kUnknown ||
                              list.status == ListStatus::kRefused;
      if (!list.is_certain) continue;
      if (is_unknown)
        verdicts.push_back(
            {Outcome::kUnknown, subject, list.zone + " " + list.reason});
      if (is_known && !list.listed.empty())
        verdicts.push_back(
            {Outcome::kFail, subject, list.zone + ": " + list.listed});
    }
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressListed = {
    .id = "egress-listed",
    .rules = "I06",
    .summary = "The egress address is on a blocklist that most receivers use.",
    .fix =
        "end the cause, ask for removal (postern doctor says where); meanwhile "
        "an egress with alternative = true",
    .cites = "RFC 5782; docs.spamhaus.com: zones and return codes",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
