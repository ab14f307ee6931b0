// Where a receiver finds the policy, and which domain is the organizational
// one.

#include "policy/facts/dmarc.h"

#include <array>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxQueries = 8;  // RFC 9989 s.4.10

// What stands at _dmarc.<domain>.
struct Lookup {
  Domain domain;
  DmarcDiscovery::Status status = DmarcDiscovery::Status::kAbsent;
  DmarcRecord record;
  std::string fault;
};

Lookup AskRecord(const Domain& domain, Dns& dns, Deadline deadline) {
  Lookup found{.domain = domain};
  const DnsAnswer answer =
      dns.Ask("_dmarc." + domain.text(), RrType::kTxt, deadline);
  if (answer.status == DnsStatus::kTempError) {
    found.status = DmarcDiscovery::Status::kTempError;
    return found;
  }
  int records = 0;
  for (const DnsRecord& txt : answer.records) {
    const std::optional<DmarcRecord> record = ParseDmarcRecord(txt.value);
    if (!record) continue;
    ++records;
    found.record = *record;
  }
  if (records == 1) found.status = DmarcDiscovery::Status::kFound;
  // RFC 9989 s.4.10: more than one record at a name counts as none there.
  if (records > 1) found.fault = "several DMARC records at " + domain.text();
  return found;
}

// The names a tree walk asks, from the domain up to its top-level label.
std::vector<Domain> WalkNames(const Domain& start) {
  std::vector<Domain> names{start};
  std::optional<Domain> next = start.Parent();
  // RFC 9989 s.4.10: from eight labels or more the walk jumps to seven.
  while (next && next->Labels().size() > kMaxQueries - 1) next = next->Parent();
  for (; next; next = next->Parent()) names.push_back(*next);
  return names;
}

struct Walk {
  std::vector<Lookup> found;  // from the start upwards; only names with records
  std::string fault;
  bool is_unknown = false;  // DNS did not answer on the way
  bool is_start_unknown = false;
};

Walk WalkTree(const Domain& start, Dns& dns, Deadline deadline) {
  Walk walk;
  for (const Domain& name : WalkNames(start)) {
    Lookup lookup = AskRecord(name, dns, deadline);
    if (walk.fault.empty()) walk.fault = lookup.fault;
    if (lookup.status == DmarcDiscovery::Status::kTempError) {
      walk.is_unknown = true;
      walk.is_start_unknown |= name == start;
      return walk;
    }
    if (lookup.status != DmarcDiscovery::Status::kFound) continue;
    const bool is_last = lookup.record.is_public_suffix.has_value();
    walk.found.push_back(std::move(lookup));
    if (is_last) return walk;
  }
  return walk;
}

// The ancestor of `below` (or itself) that is one label longer than `suffix`.
Domain OneBelow(const Domain& below, const Domain& suffix) {
  Domain name = below;
  for (std::optional<Domain> parent = name.Parent();
       parent && *parent != suffix; parent = name.Parent())
    name = *parent;
  return name;
}

// RFC 9989 s.4.10.2.
Domain OrganizationOf(const Domain& start, const Walk& walk) {
  for (const Lookup& lookup : walk.found) {
    if (lookup.record.is_public_suffix == false) return lookup.domain;
    if (lookup.record.is_public_suffix == true && lookup.domain != start)
      return OneBelow(start, lookup.domain);
  }
  return walk.found.empty() ? start : walk.found.back().domain;
}

// The policy that applies to the author domain under a record found at or above
// it (RFC 9989 s.4.7: sp for subdomains, np for those that do not exist);
// nullopt: DNS did not tell whether it exists.
std::optional<DmarcPolicy> PolicyFor(const Domain& author, const Lookup& at,
                                     Dns& dns, Deadline deadline) {
  const DmarcRecord& record = at.record;
  DmarcPolicy policy = record.policy.value_or(DmarcPolicy::kNone);
  if (at.domain != author) {
    policy = record.subdomain_policy.value_or(policy);
    if (record.nonexistent_policy &&
        record.nonexistent_policy != record.subdomain_policy) {
      const DnsStatus status =
          dns.Ask(author.text(), RrType::kA, deadline).status;
      if (status == DnsStatus::kTempError) return std::nullopt;
      if (status == DnsStatus::kNxDomain) policy = *record.nonexistent_policy;
    }
  }
  // t=y asks for one step less.
  if (record.is_testing && policy == DmarcPolicy::kReject)
    return DmarcPolicy::kQuarantine;
  if (record.is_testing) return DmarcPolicy::kNone;
  return policy;
}

// Takes the record as the one that applies, or says why it cannot be.
void Apply(const Domain& author, const Lookup& at, Dns& dns, Deadline deadline,
           DmarcDiscovery* out) {
  // RFC 9989 s.4.7: without a valid p= a record counts as p=none when it asks
  // for reports, else as no record.
  if (!at.record.policy && !at.record.has_reports) {
    out->status = DmarcDiscovery::Status::kAbsent;
    out->fault = "no valid p= at _dmarc." + at.domain.text();
    return;
  }
  const std::optional<DmarcPolicy> policy =
      PolicyFor(author, at, dns, deadline);
  if (!policy) {
    out->status = DmarcDiscovery::Status::kTempError;
    return;
  }
  out->status = DmarcDiscovery::Status::kFound;
  out->found_at = at.domain;
  out->record = at.record;
  out->policy = *policy;
}

DmarcDiscovery ByTreeWalk(const Domain& author, Dns& dns, Deadline deadline) {
  DmarcDiscovery out;
  const Walk walk = WalkTree(author, dns, deadline);
  out.fault = walk.fault;
  if (walk.is_start_unknown) return out;
  const bool has_own =
      !walk.found.empty() && walk.found.front().domain == author;
  if (walk.is_unknown) {
    // The author domain's own record decides without the rest of the walk.
    if (has_own) Apply(author, walk.found.front(), dns, deadline, &out);
    return out;
  }
  out.organizational_domain = OrganizationOf(author, walk);
  out.status = DmarcDiscovery::Status::kAbsent;
  if (walk.found.empty()) return out;
  if (has_own) {
    Apply(author, walk.found.front(), dns, deadline, &out);
    return out;
  }
  // RFC 9989 s.4.10.1: the organizational domain's record, else that of the
  // public suffix above it, which is the last one found.
  for (const Lookup& lookup : walk.found) {
    if (lookup.domain != *out.organizational_domain) continue;
    Apply(author, lookup, dns, deadline, &out);
    return out;
  }
  Apply(author, walk.found.back(), dns, deadline, &out);
  return out;
}

// RFC 7489 s.6.6.3: the author domain, then its organizational domain.
DmarcDiscovery ByPublicSuffixList(const Domain& author, Dns& dns,
                                  Deadline deadline) {
  DmarcDiscovery out;
  out.organizational_domain = RegistrableDomain(author).value_or(author);
  for (const Domain& name : {author, *out.organizational_domain}) {
    const Lookup lookup = AskRecord(name, dns, deadline);
    if (out.fault.empty()) out.fault = lookup.fault;
    out.status = lookup.status;
    if (lookup.status == DmarcDiscovery::Status::kTempError) return out;
    if (lookup.status == DmarcDiscovery::Status::kFound) {
      Apply(author, lookup, dns, deadline, &out);
      return out;
    }
  }
  return out;
}

}  // namespace

DmarcDiscovery DiscoverDmarc(const Domain& author_domain, DmarcMethod method,
                             Dns& dns, Deadline deadline) {
  switch (method) {
    case DmarcMethod::kTreeWalk:
      return ByTreeWalk(author_domain, dns, deadline);
    case DmarcMethod::kPublicSuffixList:
      return ByPublicSuffixList(author_domain, dns, deadline);
  }
  return {};
}

std::optional<Domain> OrganizationalDomain(const Domain& domain,
                                           DmarcMethod method, Dns& dns,
                                           Deadline deadline) {
  if (method == DmarcMethod::kPublicSuffixList)
    return RegistrableDomain(domain).value_or(domain);
  const Walk walk = WalkTree(domain, dns, deadline);
  if (walk.is_unknown) return std::nullopt;
  return OrganizationOf(domain, walk);
}

}  // namespace postern
