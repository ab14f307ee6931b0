// Whether an address is of the public Internet, or of this host, its network or
// nobody (the IANA special-purpose address registries, RFC 6890).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "policy/base/ip_address.h"

namespace postern {

// Of IPv6 only what is global unicast (RFC 4291 s.2.4) and carries no IPv4
// address within (6to4, Teredo, NAT64).
[[nodiscard]] bool IsPublic(const IpAddress& address);
// Of this host to itself.
[[nodiscard]] bool IsLoopback(const IpAddress& address);

}  // namespace postern
