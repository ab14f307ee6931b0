#include "policy/facts/domains.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace postern {
namespace {

// More hosts than any domain needs; beyond it nothing is said of them.
constexpr std::size_t kMaxHosts = 10;

bool IsWithin(const IpAddress& address, std::span<const IpNetwork> networks) {
  return std::ranges::any_of(networks, [&](const IpNetwork& network) {
    return network.Contains(address);
  });
}

template <std::size_t kCount>
std::vector<IpNetwork> Networks(
    const std::array<std::string_view, kCount>& texts) {
  std::vector<IpNetwork> networks;
  for (const std::string_view text : texts)
    networks.push_back(*IpNetwork::Parse(text));
  return networks;
}

// RFC 6890: never the address of a host elsewhere. Documentation addresses are
// not here, they stand for public hosts.
bool IsNobodys(const IpAddress& address) {
  static const std::vector<IpNetwork> kNetworks = Networks(std::to_array(
      {std::string_view("0.0.0.0/8"), std::string_view("127.0.0.0/8"),
       std::string_view("169.254.0.0/16"), std::string_view("224.0.0.0/3"),
       std::string_view("::/127"), std::string_view("fe80::/10"),
       std::string_view("ff00::/8")}));
  return IsWithin(address, kNetworks);
}

// RFC 1918, RFC 6598, RFC 4193.
bool IsPrivate(const IpAddress& address) {
  static const std::vector<IpNetwork> kNetworks = Networks(std::to_array(
      {std::string_view("10.0.0.0/8"), std::string_view("100.64.0.0/10"),
       std::string_view("172.16.0.0/12"), std::string_view("192.168.0.0/16"),
       std::string_view("fc00::/7")}));
  return IsWithin(address, kNetworks);
}

}  // namespace

MailDomains::MailDomains(const Config& config, Dns& dns, Deadline deadline)
    : dns_(dns), deadline_(deadline) {
  for (const EgressRoute& route : config.egress)
    reaches_private_ |= std::ranges::any_of(route.addresses, IsPrivate);
}

bool MailDomains::IsUsable(const IpAddress& address) const {
  return !IsNobodys(address) && (reaches_private_ || !IsPrivate(address));
}

MailHosts MailDomains::JudgeHost(const std::string& host, std::string* fault) {
  bool is_unanswered = false;
  bool has_address = false;
  for (const RrType type : {RrType::kA, RrType::kAaaa}) {
    const DnsAnswer answer = dns_.Ask(host, type, deadline_);
    is_unanswered |= answer.status == DnsStatus::kTempError;
    for (const DnsRecord& record : answer.records) {
      const auto address = IpAddress::FromOctets(record.value);
      if (!address) continue;
      if (IsUsable(*address)) return MailHosts::kReachable;
      has_address = true;
      *fault = fmt::format("{} is {}", host, address->ToString());
    }
  }
  if (is_unanswered) return MailHosts::kUnknown;
  if (has_address) return MailHosts::kUnusable;
  *fault = host + " has no address";
  return MailHosts::kNoAddress;
}

// The best of the hosts; one that did not answer may be better than those that
// did.
void MailDomains::JudgeHosts(std::span<const std::string> hosts, Entry* entry) {
  entry->hosts = MailHosts::kNoAddress;
  bool is_unknown = hosts.size() > kMaxHosts;
  for (const std::string& host :
       hosts.first(std::min(hosts.size(), kMaxHosts))) {
    std::string fault;
    const MailHosts judged = JudgeHost(host, &fault);
    if (judged == MailHosts::kReachable) {
      entry->hosts = judged;
      return;
    }
    is_unknown |= judged == MailHosts::kUnknown;
    const bool is_worth_telling =
        judged == MailHosts::kUnusable || entry->hosts_fault.empty();
    if (judged == MailHosts::kUnusable) entry->hosts = judged;
    if (is_worth_telling) entry->hosts_fault = std::move(fault);
  }
  if (is_unknown) entry->hosts = MailHosts::kUnknown;
}

MailDomains::Entry MailDomains::Ask(const Domain& domain) {
  Entry entry;
  entry.mx = AskMx(dns_, domain, deadline_);
  switch (entry.mx.status) {
    case DnsStatus::kOk: {
      entry.kind =
          entry.mx.is_null_mx() ? MailDomain::kNullMx : MailDomain::kHasMx;
      if (entry.kind == MailDomain::kNullMx) return entry;
      std::vector<std::string> hosts;
      for (const DnsRecord& target : entry.mx.targets)
        hosts.push_back(target.value);
      JudgeHosts(hosts, &entry);
      return entry;
    }
    case DnsStatus::kNxDomain:
      entry.kind = MailDomain::kNxDomain;
      return entry;
    case DnsStatus::kTempError:
      return entry;
    case DnsStatus::kNoData:
      break;
  }
  // RFC 5321 s.5.1: without MX the domain itself is the mail host.
  switch (AskAddresses(dns_, domain.text(), deadline_).status) {
    case DnsStatus::kOk:
      entry.kind = MailDomain::kAddressOnly;
      JudgeHosts(std::array{domain.text()}, &entry);
      return entry;
    case DnsStatus::kNxDomain:
    case DnsStatus::kNoData:
      entry.kind = MailDomain::kNoMail;
      return entry;
    case DnsStatus::kTempError:
      return entry;
  }
  return entry;
}

const MailDomains::Entry& MailDomains::Find(const Domain& domain) {
  const auto it = entries_.find(domain);
  if (it != entries_.end()) return it->second;
  return entries_.emplace(domain, Ask(domain)).first->second;
}

std::string_view ToString(MailDomain kind) {
  switch (kind) {
    case MailDomain::kHasMx:
      return "mx";
    case MailDomain::kAddressOnly:
      return "address-only";
    case MailDomain::kNullMx:
      return "null-mx";
    case MailDomain::kNoMail:
      return "no-mail";
    case MailDomain::kNxDomain:
      return "nxdomain";
    case MailDomain::kUnknown:
      return "unknown";
  }
  return "?";
}

}  // namespace postern
