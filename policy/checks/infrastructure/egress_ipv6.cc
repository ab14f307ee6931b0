// egress-ipv6: receivers ask more of mail that comes by IPv6: a name that leads
// back, and SPF or DKIM that passes.
//
// Unanswered PTR look-ups are reported by egress-without-ptr and
// egress-ptr-not-confirmed.

#include <algorithm>
#include <string>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"google",
     550,
     {5, 7, 1},
     "Our system has detected that this message does not meet IPv6 sending "
     "guidelines regarding PTR records and authentication",
     "support.google.com/a/answer/3726730"},
    {"m365",
     550,
     {5, 7, 25},
     "Access denied, the sending IPv6 address must have a reverse DNS record",
     "learn.microsoft.com, NDR error codes"},
};

bool HasNoName(const EgressHealth& health) {
  const bool is_absent = health.ptr_status == DnsStatus::kNoData ||
                         health.ptr_status == DnsStatus::kNxDomain;
  return is_absent || health.confirmation == Confirmation::kNo;
}

bool MayPass(SpfResult result) {
  return result == SpfResult::kPass || result == SpfResult::kTempError;
}

// SPF at this address or a DKIM signature passes, or nobody knows.
bool IsVouchedFor(const Facts& facts, const std::string& address) {
  const bool by_dkim = std::any_of(
      facts.dkim.begin(), facts.dkim.end(), [](const DkimFact& dkim) {
        return dkim.result == DkimResult::kPass ||
               dkim.result == DkimResult::kTempError;
      });
  return by_dkim ||
         std::any_of(facts.spf.begin(), facts.spf.end(),
                     [&](const SpfFact& spf) {
                       return spf.egress == address && MayPass(spf.result);
                     });
}

std::vector<Verdict> Run(const Facts& facts) {
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    if (egress.address.family() != IpAddress::Family::kV6) continue;
    const std::string address = egress.address.ToString();
    if (egress.health && HasNoName(*egress.health))
      verdicts.push_back({Outcome::kFail, Subject::Egress(address),
                          "no PTR name that leads back to it"});
    if (facts.has_content && !IsVouchedFor(facts, address))
      verdicts.push_back({Outcome::kFail, Subject::Egress(address),
                          "neither SPF nor DKIM will pass"});
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressIpv6 = {
    .id = "egress-ipv6",
    .rules = "I08",
    .summary =
        "The IPv6 egress has no confirmed PTR name, or nothing vouches for the "
        "message.",
    .fix =
        "give it a PTR that leads back, and SPF or DKIM; or Postfix: "
        "smtp_address_preference = ipv4",
    .cites =
        "support.google.com/a/answer/81126; learn.microsoft.com: IPv6 support",
    .level = Level::kMust,
    .action = Action::kDefer,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
