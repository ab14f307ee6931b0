// The ways out, and the resolver that tells of them.

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <set>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/base/text.h"
#include "policy/facts/egress_health.h"

namespace postern {
namespace {

constexpr const char* kAskAgain = "ask again; see the line about the resolver";
constexpr const char* kOwnResolver =
    "run a resolver of your own on this host (apt install unbound) and set "
    "servers = [\"127.0.0.1\"] in [dns]";

// Resolvers for everybody: blocklists refuse them.
constexpr std::array<std::string_view, 16> kPublicResolvers = {
    "1.1.1.1",
    "1.0.0.1",
    "8.8.8.8",
    "8.8.4.4",
    "9.9.9.9",
    "149.112.112.112",
    "208.67.222.222",
    "208.67.220.220",
    "2606:4700:4700::1111",
    "2606:4700:4700::1001",
    "2001:4860:4860::8888",
    "2001:4860:4860::8844",
    "2620:fe::fe",
    "2620:fe::9",
    "94.140.14.14",
    "64.6.64.6"};

std::vector<std::string> ServersInUse(const DnsConfig& dns) {
  if (!dns.servers.empty()) return dns.servers;
  std::vector<std::string> servers;
  std::ifstream file("/etc/resolv.conf");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("nameserver "))
      servers.emplace_back(Trim(std::string_view(line).substr(11)));
  return servers;
}

void ExaminePublicResolvers(Visit* visit) {
  for (const std::string& server : ServersInUse(visit->config.dns)) {
    const std::string address = server.substr(0, server.find('@'));
    if (std::ranges::find(kPublicResolvers, address) == kPublicResolvers.end())
      continue;
    visit->Add({"resolver-public", address, Health::kWarn,
                "a public resolver: blocklists do not answer it",
                kOwnResolver});
  }
}

std::string PtrToPublish(const EgressHealth& way) {
  return fmt::format(
      "have the owner of the address (your provider) publish: {}. PTR {}.",
      way.address.ReverseName(),
      way.helo_name.empty() ? "mail.example.com" : way.helo_name);
}
std::string AddressToPublish(const std::string& name,
                             const IpAddress& address) {
  const bool is_v4 = address.family() == IpAddress::Family::kV4;
  return fmt::format("publish: {}. {} {}", name, is_v4 ? "A" : "AAAA",
                     address.ToString());
}

void ExaminePtr(const EgressHealth& way, Visit* visit) {
  const auto add = [&](const char* what, Health outcome, std::string detail,
                       std::string fix) {
    visit->Add({what, way.address.ToString(), outcome, std::move(detail),
                std::move(fix)});
  };
  if (way.ptr_status == DnsStatus::kTempError)
    return add("ptr", Health::kUnknown, "DNS did not answer", kAskAgain);
  if (way.ptr_status != DnsStatus::kOk)
    return add("ptr", Health::kFail, "no PTR record: Gmail and others refuse",
               PtrToPublish(way));
  const std::string name = way.ptr_name;
  switch (way.confirmation) {
    case Confirmation::kYes:
      add("ptr", Health::kOk, name + ", which leads back", "");
      break;
    case Confirmation::kNo:
      add("ptr", Health::kFail, name + " does not lead back to the address",
          AddressToPublish(name, way.address) + "\nor " + PtrToPublish(way));
      break;
    case Confirmation::kUnknown:
      add("ptr", Health::kUnknown, "DNS did not answer for " + name, kAskAgain);
      break;
  }
  if (way.is_generic)
    add("ptr-generic", Health::kWarn,
        name + " looks generated: T-Online and others refuse such names",
        PtrToPublish(way));
}

void ExamineHelo(const EgressHealth& way, Visit* visit) {
  const std::string subject = way.helo_name;
  const auto add = [&](const char* what, Health outcome, std::string detail,
                       std::string fix) {
    visit->Add({what, subject, outcome, std::move(detail), std::move(fix)});
  };
  if (subject.empty()) {
    visit->Add({"helo", "egress " + way.route, Health::kWarn,
                "not said: SPF of bounces cannot be foreseen",
                fmt::format("helo_name = \"mail.example.com\" in [egress.{}], "
                            "as the MTA says it",
                            way.route)});
    return;
  }
  if (!way.helo_fault.empty())
    return add("helo", Health::kFail, way.helo_fault,
               "give the MTA a public name (Postfix: smtp_helo_name, Sendmail: "
               "confDOMAIN_NAME) and set helo_name to it");
  if (subject.front() == '[') return;
  if (way.helo_status == DnsStatus::kTempError)
    return add("helo", Health::kUnknown, "DNS did not answer", kAskAgain);
  if (way.helo_status != DnsStatus::kOk)
    return add("helo", Health::kFail, "has neither A nor AAAA",
               AddressToPublish(subject, way.address));
  add("helo", Health::kOk, "has an address", "");
  if (!way.ptr_names.empty() &&
      std::ranges::find(way.ptr_names, subject) == way.ptr_names.end())
    add("helo-ptr", Health::kWarn,
        "PTR of " + way.address.ToString() + " is " + way.ptr_name,
        PtrToPublish(way));
}

void ExamineListing(const Listing& listing, Visit* visit) {
  Examined examined{"blocklist",
                    fmt::format("{} at {}", listing.subject, listing.zone),
                    Health::kOk, "not listed", ""};
  const bool is_both =
      !listing.listed.empty() && !listing.dynamic_range.empty();
  const std::string codes =
      listing.listed + (is_both ? ", " : "") + listing.dynamic_range;
  if (!codes.empty()) {
    examined.outcome = listing.is_certain || !listing.dynamic_range.empty()
                           ? Health::kFail
                           : Health::kWarn;
    examined.detail = "listed: " + codes;
    examined.fix =
        "find and end the cause, then ask for removal: " + listing.removal;
    if (listing.listed.empty())
      examined.fix =
          "send through your provider's mail server, or ask for "
          "the address to be taken off: " +
          listing.removal;
  } else if (listing.status != ListStatus::kAnswers) {
    // What the resolver hides is told once, by the line about the list.
    const bool is_hidden = listing.status == ListStatus::kNotServed ||
                           listing.status == ListStatus::kListsAll;
    if (is_hidden) return;
    examined.outcome = Health::kUnknown;
    examined.detail = listing.reason;
    examined.fix = kOwnResolver;
  }
  visit->Add(std::move(examined));
}

void ExamineLists(const EgressSurvey& survey, Visit* visit) {
  for (const ListTest& list : survey.lists) {
    const bool is_hidden = list.status == ListStatus::kNotServed ||
                           list.status == ListStatus::kListsAll;
    if (is_hidden)
      visit->Add({"blocklist", list.zone, Health::kWarn,
                  "cannot be asked here: " + list.reason, kOwnResolver});
  }
}

// Receivers count IPv6 senders by /64.
void ExamineNetworks(const EgressRoute& route, Visit* visit) {
  constexpr std::size_t kNetworkOctets = 8;
  std::set<std::string_view> networks;
  for (const IpAddress& address : route.addresses)
    if (address.family() == IpAddress::Family::kV6)
      networks.insert(address.octets().substr(0, kNetworkOctets));
  if (networks.size() > 1)
    visit->Add(
        {"ipv6", "egress " + route.name, Health::kWarn,
         fmt::format("IPv6 addresses in {} networks of /64", networks.size()),
         "send from one /64, or by IPv4 (Postfix: "
         "smtp_address_preference = ipv4)"});
}

}  // namespace

// The resolver is asked for what every resolver knows. One that is silent gets
// little more patience.
void ExamineResolver(Visit* visit) {
  visit->dns.Prefetch("dnssec-failed.org", RrType::kA);
  const DnsAnswer known = visit->dns.Ask("org", RrType::kNs, visit->Soon());
  if (known.status == DnsStatus::kTempError) {
    constexpr std::chrono::milliseconds kShort{2'000};
    visit->patience = kShort;
    visit->Add({"resolver", "dns", Health::kUnknown,
                "did not answer for the name servers of org", kOwnResolver});
  } else {
    visit->Add({"resolver", "dns", Health::kOk, "answers", ""});
    // A name that is signed wrongly on purpose: whoever validates refuses it.
    if (visit->dns.Ask("dnssec-failed.org", RrType::kA, visit->Soon()).status ==
        DnsStatus::kOk)
      visit->Add({"resolver-dnssec", "dns", Health::kWarn,
                  "does not validate DNSSEC", kOwnResolver});
  }
  ExaminePublicResolvers(visit);
}

void ExamineEgress(Visit* visit) {
  if (visit->config.egress.empty()) {
    visit->Add({"egress", "configuration", Health::kFail,
                "no address is named from which mail leaves: SPF, PTR and "
                "blocklists cannot be foreseen",
                "[egress.main]\naddresses = [\"192.0.2.1\"]\nhelo_name = "
                "\"mail.example.com\""});
    return;
  }
  const EgressSurvey survey =
      SurveyEgress(visit->config, visit->dns, visit->Soon());
  ExamineLists(survey, visit);
  for (const auto& way : survey.ways) {
    ExaminePtr(*way, visit);
    ExamineHelo(*way, visit);
    for (const Listing& listing : way->address_lists)
      ExamineListing(listing, visit);
    for (const Listing& listing : way->name_lists)
      ExamineListing(listing, visit);
  }
  for (const EgressRoute& route : visit->config.egress)
    ExamineNetworks(route, visit);
}

}  // namespace postern
