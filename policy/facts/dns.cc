#include "policy/facts/dns.h"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// What is said of a host of which neither family has an address. An answer
// that did not come might have had one.
DnsStatus WithoutAddress(DnsStatus v4, DnsStatus v6) {
  if (v4 == DnsStatus::kTempError || v6 == DnsStatus::kTempError)
    return DnsStatus::kTempError;
  const bool is_missing =
      v4 == DnsStatus::kNxDomain && v6 == DnsStatus::kNxDomain;
  return is_missing ? DnsStatus::kNxDomain : DnsStatus::kNoData;
}

}  // namespace

std::string ToString(RrType type) {
  switch (type) {
    case RrType::kA:
      return "A";
    case RrType::kNs:
      return "NS";
    case RrType::kCname:
      return "CNAME";
    case RrType::kSoa:
      return "SOA";
    case RrType::kPtr:
      return "PTR";
    case RrType::kMx:
      return "MX";
    case RrType::kTxt:
      return "TXT";
    case RrType::kAaaa:
      return "AAAA";
  }
  return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::optional<std::string> QueryName(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > 253) return std::nullopt;
  const bool is_name = IsEachPiece(name, '.', [](std::string_view label) {
    return !label.empty() && label.size() <= 63;
  });
  if (!is_name) return std::nullopt;
  return ToLower(name);
}

MxTargets AskMx(Dns& dns, const Domain& domain, Deadline deadline) {
  DnsAnswer answer = dns.Ask(domain.text(), RrType::kMx, deadline);
  // Servers rotate their records; the same set is always told the same way.
  std::ranges::sort(answer.records, {}, [](const DnsRecord& record) {
    return std::tie(record.preference, record.value);
  });
  return {answer.status, std::move(answer.records)};
}

HostAddresses AskAddresses(Dns& dns, std::string_view host, Deadline deadline) {
  dns.Prefetch(host, RrType::kAaaa);
  const DnsAnswer v4 = dns.Ask(host, RrType::kA, deadline);
  const DnsAnswer v6 = dns.Ask(host, RrType::kAaaa, deadline);
  HostAddresses found;
  for (const DnsAnswer* answer : {&v4, &v6})
    for (const DnsRecord& record : answer->records)
      if (const auto address = IpAddress::FromOctets(record.value))
        found.addresses.push_back(*address);
  found.status = found.addresses.empty() ? WithoutAddress(v4.status, v6.status)
                                         : DnsStatus::kOk;
  return found;
}

}  // namespace postern
