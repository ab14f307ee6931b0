#include "policy/facts/egress_health.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// RFC 7208 s.4.6.4 looks at ten names of an address; so do other verifiers.
constexpr std::size_t kMostPtrNames = 10;

EgressHealth Unasked(const EgressRoute& route, const IpAddress& address) {
  return {
      .route = route.name,
      .address = address,
      .helo_name = ToLower(route.helo_name),
      .helo_fault = route.helo_name.empty() ? "" : HeloFault(route.helo_name)};
}

void Prefetch(const EgressHealth& way, const Config& config, Dns& dns) {
  dns.Prefetch(way.address.ReverseName(), RrType::kPtr);
  for (const RrType type : {RrType::kA, RrType::kAaaa})
    if (!way.helo_name.empty()) dns.Prefetch(way.helo_name, type);
  if (!config.egress_check.blocklists) return;
  for (const Blocklist& list : config.blocklists) {
    PrefetchTests(list, dns);
    if (!list.lists_names)
      dns.Prefetch(BlocklistName(way.address, list.zone), RrType::kA);
  }
}

// One name that has the address confirms it; one that did not answer might
// have.
void Confirm(EgressHealth* way, Dns& dns, Deadline deadline) {
  way->confirmation = Confirmation::kNo;
  for (const std::string& name : way->ptr_names) {
    const HostAddresses host = AskAddresses(dns, name, deadline);
    if (std::ranges::find(host.addresses, way->address) !=
        host.addresses.end()) {
      way->confirmation = Confirmation::kYes;
      way->ptr_name = name;
      return;
    }
    if (host.status == DnsStatus::kTempError)
      way->confirmation = Confirmation::kUnknown;
  }
}

void AskPtr(EgressHealth* way, Dns& dns, Deadline deadline) {
  const DnsAnswer answer =
      dns.Ask(way->address.ReverseName(), RrType::kPtr, deadline);
  way->ptr_status = answer.status;
  if (answer.status != DnsStatus::kOk) return;
  for (const DnsRecord& record : answer.records)
    if (way->ptr_names.size() < kMostPtrNames)
      way->ptr_names.push_back(record.value);
  std::ranges::sort(way->ptr_names);
  way->ptr_name = way->ptr_names.front();
  Confirm(way, dns, deadline);
  way->is_generic = IsGenericName(way->ptr_name, way->address);
}

void AskHelo(EgressHealth* way, Dns& dns, Deadline deadline) {
  if (way->helo_name.empty() || way->helo_name.front() == '[') return;
  HostAddresses host = AskAddresses(dns, way->helo_name, deadline);
  way->helo_status = host.status;
  way->helo_addresses = std::move(host.addresses);
}

// The names by which receivers will know us: EHLO and PTR.
std::set<std::string> NamesOf(const EgressHealth& way) {
  std::set<std::string> names;
  for (const std::string& name : {way.helo_name, way.ptr_name})
    if (Domain::Parse(name)) names.insert(name);
  return names;
}

void AskLists(const Config& config, const std::vector<ListTest>& tests,
              EgressHealth* way, Dns& dns, Deadline deadline) {
  const std::set<std::string> names = NamesOf(*way);
  for (std::size_t i = 0; i < tests.size(); ++i) {
    const Blocklist& list = config.blocklists[i];
    if (!list.lists_names) {
      way->address_lists.push_back(
          AskBlocklist(list, tests[i], way->address.ToString(), dns, deadline));
      continue;
    }
    for (const std::string& name : names)
      way->name_lists.push_back(
          AskBlocklist(list, tests[i], name, dns, deadline));
  }
}

bool IsLiteral(std::string_view name) {
  if (!name.starts_with('[') || !name.ends_with(']')) return false;
  std::string_view address = name.substr(1, name.size() - 2);
  constexpr std::string_view kTag = "IPv6:";  // RFC 5321 s.4.1.3
  const bool is_v6 = StartsWithIgnoreCase(address, kTag);
  if (is_v6) address.remove_prefix(kTag.size());
  const auto parsed = IpAddress::Parse(address);
  return parsed && Contains(address, ":") == is_v6;
}

}  // namespace

std::string HeloFault(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.front() == '[')
    return IsLiteral(name) ? "" : "is no address literal";
  if (IpAddress::Parse(name)) return "is an address without brackets";
  const std::string lower = ToLower(name);
  if (lower == "localhost" || lower.starts_with("localhost."))
    return "names the machine itself";
  if (Contains(name, "_")) return "has an underscore";
  const auto domain = Domain::Parse(name);
  if (!domain) return "is no domain name";
  if (domain->Labels().size() < 2) return "is not fully qualified";
  return {};
}

std::shared_ptr<const EgressHealth> EgressSurvey::Find(
    const EgressRoute& route, const IpAddress& address) const {
  const std::string helo_name = ToLower(route.helo_name);
  for (const auto& way : ways)
    if (way->route == route.name && way->address == address &&
        way->helo_name == helo_name)
      return way;
  return std::make_shared<const EgressHealth>(Unasked(route, address));
}

EgressSurvey SurveyEgress(const Config& config, Dns& dns, Deadline deadline) {
  EgressSurvey survey;
  std::vector<EgressHealth> ways;
  for (const EgressRoute& route : config.egress)
    for (const IpAddress& address : route.addresses)
      ways.push_back(Unasked(route, address));
  for (const EgressHealth& way : ways) Prefetch(way, config, dns);
  if (config.egress_check.blocklists && !ways.empty())
    for (const Blocklist& list : config.blocklists)
      survey.lists.push_back(TestBlocklist(list, dns, deadline));
  for (EgressHealth& way : ways) {
    AskPtr(&way, dns, deadline);
    AskHelo(&way, dns, deadline);
    AskLists(config, survey.lists, &way, dns, deadline);
    survey.ways.push_back(std::make_shared<const EgressHealth>(std::move(way)));
  }
  return survey;
}

}  // namespace postern
