// SpfClient: the names of the connecting address that lead back to it, for the
// ptr mechanism and %{p} (RFC 7208 s.5.5). An error of DNS is no match there.
// Used by one thread.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "policy/base/ip_address.h"
#include "policy/facts/dns.h"

namespace postern {

class SpfClient {
 public:
  SpfClient(const IpAddress& address, Dns& dns, Deadline deadline)
      : address_(address), dns_(dns), deadline_(deadline) {}

  [[nodiscard]] const IpAddress& address() const { return address_; }
  // The type of an address of the client's family.
  [[nodiscard]] RrType address_type() const {
    return address_.family() == IpAddress::Family::kV4 ? RrType::kA
                                                       : RrType::kAaaa;
  }
  // The PTR records, at most ten; asked once.
  [[nodiscard]] const DnsAnswer& Names();
  // Whether a name that leads back is the domain or below it.
  [[nodiscard]] bool HasNameWithin(std::string_view domain);
  // %{p}: the domain itself, else a name below it, else any, else "unknown".
  [[nodiscard]] std::string NameFor(std::string_view domain);

 private:
  [[nodiscard]] bool LeadsBack(const std::string& name);

  IpAddress address_;
  Dns& dns_;
  Deadline deadline_;
  std::optional<DnsAnswer> names_;
  std::map<std::string, bool> leads_back_;
};

}  // namespace postern
