// The message leaves by an alternative route when those it would take are
// refused. The MTA is told by a header field (Postfix acts on it) or by
// recipients in a domain of the route's (Sendmail, see decision/edits.h).

#include <algorithm>
#include <string>

#include "policy/message/reroute.h"
#include "policy/remedies/remedy.h"

namespace postern {
namespace {

const EgressRoute* RouteNamed(const Config& config, const std::string& name) {
  const auto it = std::find_if(
      config.egress.begin(), config.egress.end(),
      [&](const EgressRoute& route) { return route.name == name; });
  return it == config.egress.end() ? nullptr : &*it;
}

bool CanReroute(const EgressRoute& route, const Message& message) {
  return !route.recipient_domain ||
         std::all_of(
             message.envelope.recipients.begin(),
             message.envelope.recipients.end(), [&](const ForwardPath& path) {
               return Rerouted(path, *route.recipient_domain).has_value();
             });
}

}  // namespace

bool ChooseEgress(const Facts& facts, Message* message) {
  const std::vector<std::string>& names = facts.alternatives;
  // Where it was tried already, the one after that.
  auto next = std::find(names.begin(), names.end(), message->egress_route);
  next = next == names.end() ? names.begin() : next + 1;
  for (; next != names.end(); ++next) {
    const EgressRoute* route = RouteNamed(*facts.config, *next);
    if (route == nullptr || !CanReroute(*route, *message)) continue;
    message->egress_route = route->name;
    message->header.RemoveAll(facts.config->egress_header);
    if (!route->recipient_domain)
      message->header.Set(facts.config->egress_header, route->name);
    return true;
  }
  return false;
}

}  // namespace postern
