// The domains that we send for: SPF at every way out, DMARC, mail for them.

#include <algorithm>
#include <chrono>
#include <set>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/base/text.h"
#include "policy/facts/dmarc.h"
#include "policy/facts/domains.h"
#include "policy/facts/spf.h"

namespace postern {
namespace {

constexpr const char* kAskAgain = "ask again; see the line about the resolver";

struct WayOut {
  const EgressRoute* route = nullptr;
  IpAddress address;
};

// A route that names its senders takes them from those that name none.
std::vector<WayOut> WaysFor(const Domain& domain, const Config& config) {
  std::vector<WayOut> ways, general;
  for (const EgressRoute& route : config.egress) {
    const bool is_named = std::ranges::any_of(
        route.senders, [&](const Domain& d) { return domain.IsWithin(d); });
    if (!is_named && !route.senders.empty()) continue;
    for (const IpAddress& address : route.addresses)
      (is_named ? ways : general).push_back({&route, address});
  }
  return ways.empty() ? general : ways;
}

std::string TermFor(const IpAddress& address) {
  const bool is_v4 = address.family() == IpAddress::Family::kV4;
  return fmt::format("{}:{}", is_v4 ? "ip4" : "ip6", address.ToString());
}

// The record of the domain with one more address, or a new one.
std::string RecordToPublish(const std::string& domain, const IpAddress& address,
                            Visit* visit) {
  constexpr std::string_view kVersion = "v=spf1";
  const DnsAnswer answer = visit->dns.Ask(domain, RrType::kTxt, visit->Soon());
  std::string rest = " -all";
  for (const DnsRecord& record : answer.records)
    if (StartsWithIgnoreCase(record.value, kVersion))
      rest = record.value.substr(kVersion.size());
  return fmt::format("publish: {}. TXT \"{} {}{}\"", domain, kVersion,
                     TermFor(address), rest);
}

SpfAnswer AskSpf(const std::string& mail_from, const WayOut& way,
                 Visit* visit) {
  return EvaluateSpf(
      {.address = way.address,
       .mail_from = mail_from,
       .helo_name = way.route->helo_name,
       .now_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                          SystemClock().Now().time_since_epoch())
                          .count()},
      visit->dns, visit->Soon());
}

Health HealthOf(SpfResult result) {
  switch (result) {
    case SpfResult::kPass:
      return Health::kOk;
    case SpfResult::kTempError:
      return Health::kUnknown;
    case SpfResult::kNone:
    case SpfResult::kNeutral:
    case SpfResult::kFail:
    case SpfResult::kSoftfail:
    case SpfResult::kPermError:
      return Health::kFail;
  }
  return Health::kUnknown;
}

std::string SpfFix(const SpfAnswer& answer, const WayOut& way, Visit* visit) {
  switch (answer.result) {
    case SpfResult::kPass:
      return "";
    case SpfResult::kTempError:
      return kAskAgain;
    case SpfResult::kPermError:
      return fmt::format(
          "correct the SPF record of {}: one record only, at most 10 terms "
          "that ask DNS",
          answer.domain);
    case SpfResult::kNone:
    case SpfResult::kNeutral:
    case SpfResult::kFail:
    case SpfResult::kSoftfail:
      return RecordToPublish(answer.domain, way.address, visit);
  }
  return "";
}

Examined JudgedSpf(std::string what, const SpfAnswer& answer, const WayOut& way,
                   Visit* visit) {
  std::string detail = std::string(ToString(answer.result));
  if (!answer.reason.empty()) detail += ": " + answer.reason;
  return {std::move(what),
          fmt::format("{} at {}", answer.domain, way.address.ToString()),
          HealthOf(answer.result), std::move(detail),
          SpfFix(answer, way, visit)};
}

void ExamineSpf(const Domain& domain, Visit* visit) {
  for (const WayOut& way : WaysFor(domain, visit->config)) {
    const SpfAnswer answer = AskSpf("postmaster@" + domain.text(), way, visit);
    visit->Add(JudgedSpf("spf", answer, way, visit));
  }
}

// Bounces are judged by the EHLO name (RFC 7208 s.2.4). Without a record they
// have no SPF; that alone is refused by few.
void ExamineHeloSpf(Visit* visit) {
  std::set<std::string> seen;
  for (const EgressRoute& route : visit->config.egress) {
    for (const IpAddress& address : route.addresses) {
      if (!Domain::Parse(route.helo_name)) continue;
      if (!seen.insert(route.helo_name + address.ToString()).second) continue;
      const WayOut way{&route, address};
      Examined examined =
          JudgedSpf("spf-helo", AskSpf("", way, visit), way, visit);
      if (examined.detail.starts_with("none")) examined.outcome = Health::kWarn;
      visit->Add(std::move(examined));
    }
  }
}

void ExamineMail(const std::string& what, const Domain& domain, Visit* visit) {
  MailDomains domains(visit->dns, visit->Soon());
  const std::string publish =
      fmt::format("publish: {}. MX 10 {}.", domain.text(),
                  visit->config.hostname.empty() ? "mail." + domain.text()
                                                 : visit->config.hostname);
  const auto add = [&](Health outcome, std::string detail, std::string fix) {
    visit->Add(
        {what, domain.text(), outcome, std::move(detail), std::move(fix)});
  };
  switch (domains.Find(domain).kind) {
    case MailDomain::kHasMx:
      return add(Health::kOk, "has MX", "");
    case MailDomain::kAddressOnly:
      return add(Health::kWarn, "no MX, only an address", publish);
    case MailDomain::kNullMx:
      return add(Health::kFail,
                 "null MX: receivers refuse senders that take no answer",
                 publish + "\nand remove the record with the lone dot");
    case MailDomain::kNoMail:
      return add(Health::kFail, "neither MX nor address", publish);
    case MailDomain::kNxDomain:
      return add(Health::kFail, "no such domain", publish);
    case MailDomain::kUnknown:
      return add(Health::kUnknown, "DNS did not answer", kAskAgain);
  }
}

Examined JudgedDmarc(const Domain& domain, const DmarcDiscovery& discovery) {
  Examined examined{"dmarc", domain.text(), Health::kFail, "",
                    fmt::format("publish: _dmarc.{}. TXT \"v=DMARC1; p=none; "
                                "rua=mailto:postmaster@{}\"",
                                domain.text(), domain.text())};
  switch (discovery.status) {
    case DmarcDiscovery::Status::kTempError:
      examined.outcome = Health::kUnknown;
      examined.detail = "DNS did not answer";
      examined.fix = kAskAgain;
      return examined;
    case DmarcDiscovery::Status::kAbsent:
      examined.detail =
          discovery.fault.empty()
              ? "no record: Gmail, Yahoo and Outlook refuse bulk mail"
              : discovery.fault;
      return examined;
    case DmarcDiscovery::Status::kFound:
      break;
  }
  examined.detail = fmt::format("p={} at _dmarc.{}", ToString(discovery.policy),
                                discovery.found_at->text());
  if (!discovery.fault.empty()) {
    examined.detail += ": " + discovery.fault;
    return examined;
  }
  examined.outcome = Health::kOk;
  examined.fix.clear();
  if (discovery.record.is_testing) {
    examined.outcome = Health::kWarn;
    examined.detail += ", t=y: one step milder than it says";
    examined.fix = "remove t=y from the record once reports are clean";
  }
  return examined;
}

void ExamineDmarc(const Domain& domain, Visit* visit) {
  const DmarcDiscovery walk =
      DiscoverDmarc(domain, DmarcMethod::kTreeWalk, visit->dns, visit->Soon());
  visit->Add(JudgedDmarc(domain, walk));
  const DmarcDiscovery list = DiscoverDmarc(
      domain, DmarcMethod::kPublicSuffixList, visit->dns, visit->Soon());
  const bool is_known = walk.status != DmarcDiscovery::Status::kTempError &&
                        list.status != DmarcDiscovery::Status::kTempError;
  if (!is_known || (walk.status == list.status && walk.policy == list.policy))
    return;
  visit->Add({"dmarc-methods", domain.text(), Health::kWarn,
              fmt::format("by RFC 9989 p={}, by the public suffix list p={}",
                          ToString(walk.policy), ToString(list.policy)),
              "publish a record at _dmarc." + domain.text() +
                  " itself: both ways find that"});
}

}  // namespace

void ExamineDomains(Visit* visit) {
  for (const SigningDomain& signing : visit->config.signing.domains) {
    const std::string& name = signing.domain.text();
    visit->dns.Prefetch(name, RrType::kTxt);
    visit->dns.Prefetch("_dmarc." + name, RrType::kTxt);
    visit->dns.Prefetch(name, RrType::kMx);
    ExamineSpf(signing.domain, visit);
    ExamineDmarc(signing.domain, visit);
    ExamineMail("mail-domain", signing.domain, visit);
  }
  if (visit->config.bounce_domain) {
    ExamineMail("bounce-domain", *visit->config.bounce_domain, visit);
    ExamineSpf(*visit->config.bounce_domain, visit);
  }
  ExamineHeloSpf(visit);
}

}  // namespace postern
