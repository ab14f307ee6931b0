#include "policy/base/public_address.h"

#include <algorithm>
#include <vector>

namespace postern {
namespace {

std::vector<IpNetwork> Parsed(
    std::initializer_list<std::string_view> networks) {
  std::vector<IpNetwork> parsed;
  for (const std::string_view network : networks)
    if (const auto read = IpNetwork::Parse(network)) parsed.push_back(*read);
  return parsed;
}

bool IsWithin(const IpAddress& address,
              const std::vector<IpNetwork>& networks) {
  return std::ranges::any_of(networks, [&](const IpNetwork& network) {
    return network.Contains(address);
  });
}

}  // namespace

bool IsPublic(const IpAddress& address) {
  static const std::vector<IpNetwork> kNotPublic = Parsed(
      {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
       "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
       "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
       "203.0.113.0/24", "224.0.0.0/3",  // multicast, reserved, broadcast
       "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
  static const std::vector<IpNetwork> kGlobalUnicast = Parsed({"2000::/3"});
  if (address.family() == IpAddress::Family::kV6 &&
      !IsWithin(address, kGlobalUnicast))
    return false;
  return !IsWithin(address, kNotPublic);
}

// RFC 1122 s.3.2.1.3, RFC 4291 s.2.5.3.
bool IsLoopback(const IpAddress& address) {
  static const auto kV4 = IpNetwork::Parse("127.0.0.0/8");
  static const auto kV6 = IpNetwork::Parse("::1");
  return kV4->Contains(address) || kV6->Contains(address);
}

}  // namespace postern
