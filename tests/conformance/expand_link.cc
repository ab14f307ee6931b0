// expand_link ZONE HOSTS URL...: where each URL leads, a line each, by the
// program's own expander; this host may be reached, unlike in the program.
//
// ZONE and HOSTS are the texts of a zone file and of a list of link hosts.
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "policy/facts/link_expander.h"
#include "policy/facts/scripted_dns.h"

namespace postern {
namespace {

bool IsLoopback(const IpAddress& address, std::uint16_t /*port*/) {
  return address == IpAddress::Parse("127.0.0.1");
}

int Main(int count, char** words) {
  if (count < 4) return 2;
  const auto dns = ScriptedDns::Parse(words[1], "zone");
  LinkHosts hosts;
  if (!dns || !hosts.Read(words[2]).empty()) return 2;
  Config config;
  config.link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));
  LinkExpander expander(IsLoopback);
  for (int i = 3; i < count; ++i) {
    const Expansion found = expander.Expand(
        words[i], {config, **dns, In(std::chrono::seconds(30))});
    std::printf("%s %s%s\n", std::string(ToString(found.result)).c_str(),
                found.url.c_str(), found.reason.c_str());
  }
  return 0;
}

}  // namespace
}  // namespace postern

int main(int count, char** words) { return postern::Main(count, words); }
