// egress-ipv6-scattered: one way out with addresses in several /64 networks.
//
// Receivers count the reputation of IPv6 senders by /64.

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"m365",
     550,
     {5, 7, 508},
     "Access denied, the sending IPv6 address range has exceeded its limits",
     "learn.microsoft.com, NDR error codes"},
};

constexpr std::size_t kNetworkOctets = 8;

std::vector<Verdict> Run(const Facts& facts) {
  std::map<std::string, std::set<std::string_view>> networks;
  for (const EgressFact& egress : facts.egress)
    if (egress.address.family() == IpAddress::Family::kV6)
      networks[egress.route].insert(
          egress.address.octets().substr(0, kNetworkOctets));
  std::vector<Verdict> verdicts;
  for (const EgressFact& egress : facts.egress) {
    const auto route = networks.find(egress.route);
    if (route == networks.end() || route->second.size() < 2) continue;
    verdicts.push_back(
        {Outcome::kFail, Subject::Egress(egress.address.ToString()),
         "egress " + egress.route + " has addresses in " +
             std::to_string(route->second.size()) + " networks of /64"});
    networks.erase(route);
  }
  return verdicts;
}

}  // namespace

constinit const Check kEgressIpv6Scattered = {
    .id = "egress-ipv6-scattered",
    .rules = "I08",
    .summary = "The IPv6 addresses of a route are in more than one /64.",
    .fix =
        "send from one /64, or by IPv4 (Postfix: smtp_address_preference = "
        "ipv4)",
    .cites = "learn.microsoft.com: IPv6 support; M3AAWG IPv6 policy",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
