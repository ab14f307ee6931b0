// By which routes and addresses the message may leave.

#include "policy/facts/identity.h"

#include <algorithm>

namespace postern {
namespace {

bool IsWithinAny(const std::optional<Domain>& domain,
                 const std::vector<Domain>& ancestors) {
  return domain && std::any_of(ancestors.begin(), ancestors.end(),
                               [&](const Domain& ancestor) {
                                 return domain->IsWithin(ancestor);
                               });
}

bool CarriesSender(const EgressRoute& route, const Facts& facts) {
  return route.senders.empty() ||
         IsWithinAny(facts.author_domain, route.senders) ||
         IsWithinAny(facts.mail_from_domain, route.senders);
}

bool Reaches(const EgressRoute& route, const RecipientFact& recipient) {
  return route.receivers.empty() ||
         std::find(route.receivers.begin(), route.receivers.end(),
                   recipient.receiver) != route.receivers.end();
}

bool Carries(const EgressRoute& route, const Facts& facts) {
  if (!CarriesSender(route, facts) || route.receivers.empty())
    return CarriesSender(route, facts);
  return std::any_of(facts.recipients.begin(), facts.recipients.end(),
                     [&](const RecipientFact& recipient) {
                       return Reaches(route, recipient);
                     });
}

// A route that is chosen takes the whole message.
bool CarriesAll(const EgressRoute& route, const Facts& facts) {
  return CarriesSender(route, facts) &&
         std::all_of(facts.recipients.begin(), facts.recipients.end(),
                     [&](const RecipientFact& recipient) {
                       return Reaches(route, recipient);
                     });
}

// A route that names its senders takes them away from those that do not.
std::vector<const EgressRoute*> RoutesFor(const Config& config,
                                          const Facts& facts) {
  std::vector<const EgressRoute*> routes;
  const std::string& chosen = facts.message->egress_route;
  for (const EgressRoute& route : config.egress) {
    const bool may_be = chosen.empty()
                            ? !route.is_alternative && Carries(route, facts)
                            : route.name == chosen;
    if (may_be) routes.push_back(&route);
  }
  const bool has_special = std::any_of(
      routes.begin(), routes.end(),
      [](const EgressRoute* route) { return !route->senders.empty(); });
  if (has_special)
    std::erase_if(routes, [](const EgressRoute* route) {
      return route->senders.empty();
    });
  return routes;
}

bool MayUseIpv6(const Facts& facts, const GatherFrom& from,
                MailDomains* domains) {
  for (const RecipientFact& recipient : facts.recipients) {
    if (!recipient.domain) continue;
    const MxTargets& mx = domains->Find(*recipient.domain).mx;
    std::vector<std::string> hosts;
    for (const DnsRecord& target : mx.targets) hosts.push_back(target.value);
    if (mx.status == DnsStatus::kNoData)
      hosts.push_back(recipient.domain->text());
    for (const std::string& host : hosts) {
      const DnsStatus status =
          from.dns.Ask(host, RrType::kAaaa, from.deadline).status;
      if (status == DnsStatus::kOk || status == DnsStatus::kTempError)
        return true;
    }
    if (mx.status == DnsStatus::kTempError) return true;
  }
  return facts.recipients.empty();
}

}  // namespace

void GatherEgress(const GatherFrom& from, MailDomains* domains, Facts* facts) {
  const std::vector<const EgressRoute*> routes = RoutesFor(from.config, *facts);
  for (const EgressRoute& route : from.config.egress)
    if (route.is_alternative && CarriesAll(route, *facts))
      facts->alternatives.push_back(route.name);
  bool has_ipv6 = false;
  bool has_ipv4 = false;
  for (const EgressRoute* route : routes) {
    for (const IpAddress& address : route->addresses) {
      (address.family() == IpAddress::Family::kV6 ? has_ipv6 : has_ipv4) = true;
      facts->egress.push_back(
          {.route = route->name,
           .address = address,
           .helo_name = route->helo_name,
           .way = route,
           .health =
               from.egress ? from.egress->Find(*route, address) : nullptr});
    }
  }
  if (!has_ipv6 || !has_ipv4 || MayUseIpv6(*facts, from, domains)) return;
  std::erase_if(facts->egress, [](const EgressFact& egress) {
    return egress.address.family() == IpAddress::Family::kV6;
  });
}

}  // namespace postern
