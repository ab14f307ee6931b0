#include "policy/base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

namespace postern {
namespace {

constexpr std::string_view kMappedPrefix("\0\0\0\0\0\0\0\0\0\0\xff\xff", 12);

}  // namespace

std::optional<IpAddress> IpAddress::FromOctets(std::string_view octets) {
  if (octets.size() == 16 && octets.starts_with(kMappedPrefix))
    octets.remove_prefix(12);
  if (octets.size() != 4 && octets.size() != 16) return std::nullopt;
  IpAddress address;
  address.family_ = octets.size() == 4 ? Family::kV4 : Family::kV6;
  std::copy(octets.begin(), octets.end(), address.octets_.begin());
  return address;
}

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  const std::string name(text);
  std::array<char, 16> octets{};
  if (inet_pton(AF_INET, name.c_str(), octets.data()) == 1)
    return FromOctets({octets.data(), 4});
  if (inet_pton(AF_INET6, name.c_str(), octets.data()) == 1)
    return FromOctets({octets.data(), 16});
  return std::nullopt;
}

std::string_view IpAddress::octets() const {
  return {octets_.data(), family_ == Family::kV4 ? 4u : 16u};
}

std::string IpAddress::ToString() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(family_ == Family::kV4 ? AF_INET : AF_INET6, octets_.data(),
            text.data(), text.size());
  return text.data();
}

std::string IpAddress::ReverseName() const {
  std::string name;
  const std::string_view bytes = octets();
  for (auto it = bytes.rbegin(); it != bytes.rend(); ++it) {
    const auto octet = static_cast<unsigned char>(*it);
    if (family_ == Family::kV4) {
      name += fmt::format("{}.", octet);
    } else {
      name += fmt::format("{:x}.{:x}.", octet & 15, octet >> 4);
    }
  }
  return name + (family_ == Family::kV4 ? "in-addr.arpa" : "ip6.arpa");
}

std::optional<IpNetwork> IpNetwork::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  const int width = static_cast<int>(address->octets().size()) * 8;
  int bits = width;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const char* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, bits);
    const bool is_number = error == std::errc() && stop == end;
    if (!is_number || bits < 0 || bits > width) return std::nullopt;
  }
  return IpNetwork(*address, bits);
}

std::optional<IpNetwork> IpNetwork::Around(const IpAddress& address, int bits) {
  const int width = static_cast<int>(address.octets().size()) * 8;
  if (bits < 0 || bits > width) return std::nullopt;
  return IpNetwork(address, bits);
}

std::string IpNetwork::ToString() const {
  std::string octets(address_.octets());
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const int kept = std::clamp(bits_ - static_cast<int>(i) * 8, 0, 8);
    octets[i] = static_cast<char>(octets[i] & (0xff00 >> kept));
  }
  return fmt::format("{}/{}", IpAddress::FromOctets(octets)->ToString(), bits_);
}

bool IpNetwork::Contains(const IpAddress& address) const {
  if (address.family() != address_.family()) return false;
  const std::string_view a = address_.octets(), b = address.octets();
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (a.substr(0, whole) != b.substr(0, whole)) return false;
  const int rest = bits_ % 8;
  if (rest == 0) return true;
  const int differing = static_cast<unsigned char>(a[whole]) ^
                        static_cast<unsigned char>(b[whole]);
  return (differing >> (8 - rest)) == 0;
}

}  // namespace postern
