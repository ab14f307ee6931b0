// sender-domain-without-soa: the envelope sender's organizational domain is no
// zone of DNS.
//
// Asked only where a receiver's profile says needs_sender_soa.

#include <set>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"yahoo",
     554,
     {5, 1, 8},
     "unresolvable RFC.5321 from domain",
     "senders.yahooinc.com/smtp-error-codes"},
    {"yahoo",
     451,
     {4, 1, 8},
     "unresolvable RFC.5321 from domain",
     "senders.yahooinc.com/smtp-error-codes"},
};

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.mail_from_organization || facts.mail_from_soa == DnsStatus::kOk)
    return {};
  const std::string& domain = facts.mail_from_organization->text();
  const bool is_unknown = facts.mail_from_soa == DnsStatus::kTempError;
  std::set<std::string> receivers;
  for (const RecipientFact& recipient : facts.recipients)
    if (recipient.profile != nullptr && recipient.profile->needs_sender_soa)
      receivers.insert(recipient.receiver);
  std::vector<Verdict> verdicts;
  for (const std::string& receiver : receivers)
    verdicts.push_back({is_unknown ? Outcome::kUnknown : Outcome::kFail,
                        Subject::Receiver(receiver),
                        is_unknown
                            ? "DNS did not answer for the SOA of " + domain
                            : "no SOA record at " + domain});
  return verdicts;
}

}  // namespace

constinit const Check kSenderDomainWithoutSoa = {
    .id = "sender-domain-without-soa",
    .rules = "S28",
    .summary = "The envelope sender's organizational domain has no SOA record.",
    .fix =
        "repair the zone's delegation (dig SOA DOMAIN must answer), or set "
        "sender.bounce_domain",
    .cites = "RFC 1035 s.3.3.13; senders.yahooinc.com/smtp-error-codes",
    .level = Level::kMust,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
