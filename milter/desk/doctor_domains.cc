// The domains that we send for: SPF at every way out, DMARC, mail for them.

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "milter/desk/doctor.h"
#include "policy/facts/dmarc.h"
#include "policy/facts/domains.h"
#include "policy/facts/spf.h"
#include "policy/facts/spf_proposal.h"
#include "policy/signing/keys.h"

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

SpfQuery QueryOf(const std::string& mail_from, const WayOut& way) {
  return {.address = way.address,
          .mail_from = mail_from,
          .helo_name = way.route->helo_name,
          .now_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                             SystemClock().Now().time_since_epoch())
                             .count()};
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

// One record that lets all these ways pass, proved before it is shown.
std::string SpfFix(std::span<const SpfQuery> queries, const std::string& domain,
                   Visit* visit) {
  const std::optional<SpfProposal> proposal =
      ProposeSpf(queries, visit->dns, visit->Soon());
  if (proposal) return proposal->ToString();
  return fmt::format(
      "correct the SPF record of {}: one record only, at most 10 terms that "
      "ask DNS",
      domain);
}

// The same identity at each of its ways out.
void ExamineIdentity(const std::string& what, std::span<const SpfQuery> queries,
                     Visit* visit) {
  std::string fix;
  for (const SpfQuery& query : queries) {
    const SpfAnswer answer = EvaluateSpf(query, visit->dns, visit->Soon());
    Examined examined{
        what, fmt::format("{} at {}", answer.domain, query.address.ToString()),
        HealthOf(answer.result), std::string(ToString(answer.result)), ""};
    if (!answer.reason.empty()) examined.detail += ": " + answer.reason;
    if (examined.outcome == Health::kUnknown) examined.fix = kAskAgain;
    if (examined.outcome == Health::kFail) {
      if (fix.empty()) fix = SpfFix(queries, answer.domain, visit);
      examined.fix = fix;
    }
    // A bounce is judged by the EHLO name (RFC 7208 s.2.4). Without a record
    // it has no SPF; that alone is refused by few.
    if (query.mail_from.empty() && answer.result == SpfResult::kNone)
      examined.outcome = Health::kWarn;
    visit->Add(std::move(examined));
  }
}

void ExamineSpf(const Domain& domain, Visit* visit) {
  std::vector<SpfQuery> queries;
  for (const WayOut& way : WaysFor(domain, visit->config))
    queries.push_back(QueryOf("postmaster@" + domain.text(), way));
  ExamineIdentity("spf", queries, visit);
}

void ExamineHeloSpf(Visit* visit) {
  std::map<std::string, std::vector<SpfQuery>> by_name;
  for (const EgressRoute& route : visit->config.egress)
    for (const IpAddress& address : route.addresses)
      if (Domain::Parse(route.helo_name))
        by_name[route.helo_name].push_back(QueryOf("", {&route, address}));
  for (const auto& [name, queries] : by_name)
    ExamineIdentity("spf-helo", queries, visit);
}

void ExamineMail(const std::string& what, const Domain& domain, Visit* visit) {
  MailDomains domains(visit->config, visit->dns, visit->Soon());
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

// Each once, in the order of the configuration, those of the key table last.
std::vector<Domain> SigningDomains(const SigningConfig& signing) {
  std::vector<Domain> domains;
  std::set<Domain> seen;
  const auto ring = KeyRing::Load(signing);
  if (!ring) return domains;  // the keys' part says why
  for (const KeyReference& key : (*ring)->References())
    if (key.stage != KeyStage::kRetired && seen.insert(key.domain).second)
      domains.push_back(key.domain);
  return domains;
}

}  // namespace

void ExamineDomains(Visit* visit) {
  const std::vector<Domain> domains = SigningDomains(visit->config.signing);
  for (const Domain& domain : domains) {
    visit->dns.Prefetch(domain.text(), RrType::kTxt);
    visit->dns.Prefetch("_dmarc." + domain.text(), RrType::kTxt);
    visit->dns.Prefetch(domain.text(), RrType::kMx);
  }
  for (const Domain& domain : domains) {
    ExamineSpf(domain, visit);
    ExamineDmarc(domain, visit);
    ExamineMail("mail-domain", domain, visit);
  }
  if (visit->config.bounce_domain) {
    ExamineMail("bounce-domain", *visit->config.bounce_domain, visit);
    ExamineSpf(*visit->config.bounce_domain, visit);
  }
  ExamineHeloSpf(visit);
}

}  // namespace postern
