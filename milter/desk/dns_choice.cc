#include "milter/desk/dns_choice.h"

#include "milter/desk/read_input.h"
#include "policy/facts/scripted_dns.h"
#include "policy/facts/unbound_dns.h"

namespace postern {

Result<std::unique_ptr<Dns>> ChooseDns(const std::string& zone_file,
                                       const std::string& resolver,
                                       const DnsConfig& configured) {
  if (!zone_file.empty()) {
    const Result<std::string> zone = ReadInput(zone_file);
    if (!zone) return std::unexpected(zone.error());
    return ScriptedDns::Parse(*zone, zone_file);
  }
  DnsConfig servers = configured;
  if (!resolver.empty()) servers.servers = {resolver};
  return UnboundDns::Make(servers);
}

}  // namespace postern
