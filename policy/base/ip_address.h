// IpAddress: an IPv4 or IPv6 address as a value. IPv4-mapped IPv6 is IPv4.
// IpNetwork: an address block in CIDR notation.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace postern {

class IpAddress {
 public:
  enum class Family { kV4, kV6 };

  [[nodiscard]] static std::optional<IpAddress> Parse(std::string_view text);
  // From the 4 or 16 octets of an A or AAAA record; nullopt for other lengths.
  [[nodiscard]] static std::optional<IpAddress> FromOctets(
      std::string_view octets);

  [[nodiscard]] Family family() const { return family_; }
  // Network order; 4 or 16 octets.
  [[nodiscard]] std::string_view octets() const;
  [[nodiscard]] std::string ToString() const;
  // The owner name of its PTR record: "1.2.0.192.in-addr.arpa".
  [[nodiscard]] std::string ReverseName() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  IpAddress() = default;
  Family family_ = Family::kV4;
  std::array<char, 16> octets_{};
};

class IpNetwork {
 public:
  // "192.0.2.0/24", "2001:db8::/32", or a single address.
  [[nodiscard]] static std::optional<IpNetwork> Parse(std::string_view text);
  // The block of so many leading bits that holds the address; nullopt: the
  // family has fewer.
  [[nodiscard]] static std::optional<IpNetwork> Around(const IpAddress& address,
                                                       int bits);
  [[nodiscard]] bool Contains(const IpAddress& address) const;
  [[nodiscard]] const IpAddress& address() const { return address_; }
  [[nodiscard]] int bits() const { return bits_; }
  // The one form of a block, host bits cleared: "192.0.2.0/24".
  [[nodiscard]] std::string ToString() const;

 private:
  IpNetwork(IpAddress address, int bits) : address_(address), bits_(bits) {}
  IpAddress address_;
  int bits_;
};

}  // namespace postern
