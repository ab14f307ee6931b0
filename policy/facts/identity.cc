#include "policy/facts/identity.h"

#include <algorithm>
#include <set>

#include "policy/base/text.h"

namespace postern {
namespace {

bool IsWithinAny(const std::optional<Domain>& domain,
                 const std::vector<Domain>& ancestors) {
  return domain && std::any_of(ancestors.begin(), ancestors.end(),
                               [&](const Domain& ancestor) {
                                 return domain->IsWithin(ancestor);
                               });
}

bool Carries(const EgressRoute& route, const Facts& facts) {
  const bool is_sender = route.senders.empty() ||
                         IsWithinAny(facts.author_domain, route.senders) ||
                         IsWithinAny(facts.mail_from_domain, route.senders);
  if (!is_sender || route.receivers.empty()) return is_sender;
  return std::any_of(
      facts.recipients.begin(), facts.recipients.end(),
      [&](const RecipientFact& recipient) {
        return std::find(route.receivers.begin(), route.receivers.end(),
                         recipient.receiver) != route.receivers.end();
      });
}

// A route that names its senders takes them away from those that do not.
std::vector<const EgressRoute*> RoutesFor(const Config& config,
                                          const Facts& facts) {
  std::vector<const EgressRoute*> routes;
  for (const EgressRoute& route : config.egress)
    if (Carries(route, facts)) routes.push_back(&route);
  const bool has_special = std::any_of(
      routes.begin(), routes.end(),
      [](const EgressRoute* route) { return !route->senders.empty(); });
  if (has_special)
    std::erase_if(routes, [](const EgressRoute* route) {
      return route->senders.empty();
    });
  return routes;
}

bool MayUseIpv6(const Facts& facts, const GatherFrom& from,
                MailDomains* domains) {
  for (const RecipientFact& recipient : facts.recipients) {
    if (!recipient.domain) continue;
    const MxTargets& mx = domains->Find(*recipient.domain).mx;
    std::vector<std::string> hosts;
    for (const DnsRecord& target : mx.targets) hosts.push_back(target.value);
    if (mx.status == DnsStatus::kNoData)
      hosts.push_back(recipient.domain->text());
    for (const std::string& host : hosts) {
      const DnsStatus status =
          from.dns.Ask(host, RrType::kAaaa, from.deadline).status;
      if (status == DnsStatus::kOk || status == DnsStatus::kTempError)
        return true;
    }
    if (mx.status == DnsStatus::kTempError) return true;
  }
  return facts.recipients.empty();
}

struct Aligner {
  const GatherFrom& from;
  const Facts& facts;

  const DmarcDiscovery& Discovery(DmarcMethod method) const {
    return method == DmarcMethod::kTreeWalk ? facts.dmarc.tree_walk
                                            : facts.dmarc.public_suffix_list;
  }

  // RFC 9989 s.4.4: equal organizational domains, or equal names when strict.
  Alignment Align(const std::string& identifier, bool is_strict,
                  DmarcMethod method) const {
    const std::optional<Domain> domain = Domain::Parse(identifier);
    if (!domain || !facts.author_domain) return Alignment::kNotAligned;
    if (*domain == *facts.author_domain) return Alignment::kAligned;
    if (is_strict) return Alignment::kNotAligned;
    const std::optional<Domain>& author =
        Discovery(method).organizational_domain;
    const std::optional<Domain> other =
        OrganizationalDomain(*domain, method, from.dns, from.deadline);
    if (!author || !other) return Alignment::kUnknown;
    return *author == *other ? Alignment::kAligned : Alignment::kNotAligned;
  }
};

DkimResult ForeseenResult(PublishedKey published) {
  switch (published) {
    case PublishedKey::kMatches:
      return DkimResult::kPass;
    case PublishedKey::kUnknown:
      return DkimResult::kTempError;
    case PublishedKey::kMissing:
    case PublishedKey::kDiffers:
    case PublishedKey::kRevoked:
    case PublishedKey::kMalformed:
      return DkimResult::kPermError;
  }
  return DkimResult::kTempError;
}

void PlanSignatures(const GatherFrom& from, Facts* facts) {
  SigningPlan& plan = facts->signing;
  // A bounce of the MTA's is written by its own domain; a message without one
  // valid author is signed for nobody.
  if (!from.config.signing.enabled) {
    plan.unsigned_reason = "signing is switched off";
    return;
  }
  if (!facts->author_domain) {
    plan.unsigned_reason = "no single valid author address";
    return;
  }
  if (facts->body.has_bare_cr || facts->body.has_bare_lf) {
    // Each MTA on the way reads these line ends in its own manner.
    plan.unsigned_reason = "a lone CR or LF in the body";
    return;
  }
  for (KeyInUse& key : from.keys.KeysFor(*facts->author_domain)) {
    const PublishedKey published =
        AskPublishedKey(key, from.dns, from.deadline);
    plan.signatures.push_back({std::move(key), published});
  }
  if (plan.signatures.empty())
    plan.unsigned_reason = "no key for " + facts->author_domain->text();
}

// How one egress fares under one method; DKIM does not depend on the egress.
DmarcResult ResultAt(const SpfFact* spf, const Facts& facts,
                     const DmarcDiscovery& discovery, const Aligner& aligner,
                     DmarcMethod method) {
  if (discovery.status == DmarcDiscovery::Status::kTempError)
    return DmarcResult::kTempError;
  if (discovery.status == DmarcDiscovery::Status::kAbsent)
    return DmarcResult::kNone;
  bool may_pass = spf == nullptr;  // no egress known: SPF is unknown
  if (spf != nullptr && (spf->result == SpfResult::kPass ||
                         spf->result == SpfResult::kTempError)) {
    const Alignment alignment =
        aligner.Align(spf->domain, discovery.record.is_strict_spf, method);
    if (alignment == Alignment::kAligned && spf->result == SpfResult::kPass)
      return DmarcResult::kPass;
    may_pass |= alignment != Alignment::kNotAligned;
  }
  for (const DkimFact& dkim : facts.dkim) {
    if (dkim.result != DkimResult::kPass &&
        dkim.result != DkimResult::kTempError)
      continue;
    const Alignment alignment =
        aligner.Align(dkim.domain, discovery.record.is_strict_dkim, method);
    if (alignment == Alignment::kAligned && dkim.result == DkimResult::kPass)
      return DmarcResult::kPass;
    may_pass |= alignment != Alignment::kNotAligned;
  }
  return may_pass ? DmarcResult::kTempError : DmarcResult::kFail;
}

std::vector<std::string> ReceiversUsing(const Facts& facts,
                                        DmarcMethod method) {
  std::set<std::string> names;
  for (const RecipientFact& recipient : facts.recipients) {
    const bool uses_list = recipient.profile != nullptr &&
                           recipient.profile->uses_public_suffix_list;
    if (uses_list == (method == DmarcMethod::kPublicSuffixList))
      names.insert(recipient.receiver);
  }
  return {names.begin(), names.end()};
}

}  // namespace

void GatherEgress(const GatherFrom& from, MailDomains* domains, Facts* facts) {
  const std::vector<const EgressRoute*> routes = RoutesFor(from.config, *facts);
  bool has_ipv6 = false;
  bool has_ipv4 = false;
  for (const EgressRoute* route : routes) {
    for (const IpAddress& address : route->addresses) {
      (address.family() == IpAddress::Family::kV6 ? has_ipv6 : has_ipv4) = true;
      facts->egress.push_back({route->name, address, route->helo_name});
    }
  }
  if (!has_ipv6 || !has_ipv4 || MayUseIpv6(*facts, from, domains)) return;
  std::erase_if(facts->egress, [](const EgressFact& egress) {
    return egress.address.family() == IpAddress::Family::kV6;
  });
}

void GatherDmarcPolicy(const GatherFrom& from, Facts* facts) {
  facts->dmarc.author_domain = facts->author_domain;
  if (!facts->author_domain) return;
  facts->dmarc.tree_walk = DiscoverDmarc(
      *facts->author_domain, DmarcMethod::kTreeWalk, from.dns, from.deadline);
  facts->dmarc.public_suffix_list =
      DiscoverDmarc(*facts->author_domain, DmarcMethod::kPublicSuffixList,
                    from.dns, from.deadline);
}

void GatherSpf(const GatherFrom& from, Facts* facts) {
  const std::int64_t now = std::chrono::floor<std::chrono::seconds>(from.now)
                               .time_since_epoch()
                               .count();
  const Aligner aligner{from, *facts};
  for (const EgressFact& egress : facts->egress) {
    const SpfQuery query{.address = egress.address,
                         .mail_from = facts->message->envelope.mail_from,
                         .helo_name = egress.helo_name,
                         .now_seconds = now};
    SpfAnswer answer = EvaluateSpf(query, from.dns, from.deadline);
    SpfFact fact{.egress = egress.address.ToString(),
                 .is_helo_identity = query.mail_from.empty(),
                 .domain = std::move(answer.domain),
                 .result = answer.result,
                 .explanation = std::move(answer.explanation),
                 .reason = std::move(answer.reason)};
    fact.alignment =
        aligner.Align(fact.domain, facts->dmarc.tree_walk.record.is_strict_spf,
                      DmarcMethod::kTreeWalk);
    facts->spf.push_back(std::move(fact));
  }
}

void GatherDkim(const GatherFrom& from, Facts* facts) {
  const Message& message = *facts->message;
  if (message.header.Find("DKIM-Signature") != nullptr) {
    for (DkimSignature& found : VerifySignatures(message.header, message.body,
                                                 from.dns, from.deadline))
      facts->dkim.push_back({.domain = std::move(found.domain),
                             .selector = std::move(found.selector),
                             .algorithm = std::move(found.algorithm),
                             .result = found.result,
                             .reason = std::move(found.reason),
                             .signed_headers = std::move(found.headers)});
  }
  PlanSignatures(from, facts);
  for (const SigningPlan::Planned& planned : facts->signing.signatures)
    facts->dkim.push_back(
        {.domain = planned.key.domain.text(),
         .selector = planned.key.selector,
         .algorithm = std::string(ToString(planned.key.key->algorithm())),
         .result = ForeseenResult(planned.published),
         .is_ours = true,
         .reason =
             "published key: " + std::string(ToString(planned.published))});
  const Aligner aligner{from, *facts};
  for (DkimFact& fact : facts->dkim)
    fact.alignment =
        aligner.Align(fact.domain, facts->dmarc.tree_walk.record.is_strict_dkim,
                      DmarcMethod::kTreeWalk);
}

void GatherDmarcOutcomes(const GatherFrom& from, Facts* facts) {
  if (!facts->author_domain) return;
  const Aligner aligner{from, *facts};
  std::vector<const SpfFact*> ways;
  for (const SpfFact& spf : facts->spf) ways.push_back(&spf);
  if (ways.empty()) ways.push_back(nullptr);
  for (const DmarcMethod method :
       {DmarcMethod::kTreeWalk, DmarcMethod::kPublicSuffixList}) {
    const std::vector<std::string> receivers = ReceiversUsing(*facts, method);
    for (const SpfFact* spf : ways)
      facts->dmarc.all.push_back(
          {.egress = spf == nullptr ? "" : spf->egress,
           .method = method,
           .receivers = receivers,
           .result = ResultAt(spf, *facts, aligner.Discovery(method), aligner,
                              method)});
  }
}

}  // namespace postern
