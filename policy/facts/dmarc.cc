// Where a receiver finds the policy, and which domain is the organizational
// one.

#include "policy/facts/dmarc.h"

#include <algorithm>

#include "policy/base/public_suffix.h"
#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kMaxQueries = 8;  // RFC 9989 s.4.10

// Whose policy is sought, and how.
struct PolicySearch {
  const Domain& author;
  DmarcMethod method;
  Dns& dns;
  Deadline deadline;
};

// What stands at _dmarc.<domain>.
struct Lookup {
  Domain domain;
  bool is_unanswered = false;
  // More than one is none by RFC 9989 s.4.10, and the end by RFC 7489 s.6.6.3.
  int records = 0;
  DmarcRecord record;  // when there is exactly one
  std::string fault;

  [[nodiscard]] bool is_found() const { return records == 1; }
};

Lookup AskRecord(const Domain& domain, Dns& dns, Deadline deadline) {
  Lookup found{.domain = domain};
  const DnsAnswer answer =
      dns.Ask("_dmarc." + domain.text(), RrType::kTxt, deadline);
  found.is_unanswered = answer.status == DnsStatus::kTempError;
  for (const DnsRecord& txt : answer.records) {
    std::optional<DmarcRecord> record = ParseDmarcRecord(txt.value);
    if (!record) continue;
    ++found.records;
    found.record = std::move(*record);
  }
  if (found.records > 1)
    found.fault = "several DMARC records at _dmarc." + domain.text();
  else if (!found.record.fault.empty())
    found.fault = found.record.fault + " at _dmarc." + domain.text();
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
  std::string fault;          // several records at one name
  bool is_unknown = false;    // DNS did not answer on the way
  bool is_start_unknown = false;
};

Walk WalkTree(const Domain& start, Dns& dns, Deadline deadline) {
  Walk walk;
  for (const Domain& name : WalkNames(start)) {
    Lookup lookup = AskRecord(name, dns, deadline);
    if (lookup.records > 1 && walk.fault.empty()) walk.fault = lookup.fault;
    if (lookup.is_unanswered) {
      walk.is_unknown = true;
      walk.is_start_unknown |= name == start;
      return walk;
    }
    if (!lookup.is_found()) continue;
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

DmarcPolicy OneLess(DmarcPolicy policy) {
  return policy == DmarcPolicy::kReject ? DmarcPolicy::kQuarantine
                                        : DmarcPolicy::kNone;
}

// RFC 9989 s.4.10.1: np= applies to what does not exist, which is what DNS
// answers NXDOMAIN for (RFC 8020). nullopt: DNS did not tell.
std::optional<bool> IsNonexistent(const Domain& domain, Dns& dns,
                                  Deadline deadline) {
  const DnsStatus status = dns.Ask(domain.text(), RrType::kA, deadline).status;
  if (status == DnsStatus::kTempError) return std::nullopt;
  return status == DnsStatus::kNxDomain;
}

// The policy of a record at or above the author domain, by RFC 9989.
std::optional<DmarcPolicy> WalkPolicy(const Domain& author, const Lookup& at,
                                      Dns& dns, Deadline deadline) {
  const DmarcRecord& record = at.record;
  DmarcPolicy policy = *record.policy;
  if (at.domain != author) {
    policy = record.subdomain_policy.value_or(policy);
    if (record.nonexistent_policy.value_or(policy) != policy) {
      const std::optional<bool> is_nonexistent =
          IsNonexistent(author, dns, deadline);
      if (!is_nonexistent) return std::nullopt;
      if (*is_nonexistent) policy = *record.nonexistent_policy;
    }
  }
  return record.is_testing ? OneLess(policy) : policy;
}

// The policy by RFC 7489, which knows neither np= nor t=, but pct=: with 0 no
// message is treated as the policy says (s.6.6.4); with less than 100 this one
// may be.
DmarcPolicy ListPolicy(const Domain& author, const Lookup& at) {
  const DmarcRecord& record = at.record;
  const DmarcPolicy policy =
      at.domain == author ? *record.policy
                          : record.subdomain_policy.value_or(*record.policy);
  return record.percent == 0 ? OneLess(policy) : policy;
}

// Takes the record as the one that applies, or says why it cannot be.
void Apply(const PolicySearch& from, const Lookup& at, DmarcDiscovery* out) {
  out->fault = at.fault;
  out->record = at.record;
  const bool is_walk = from.method == DmarcMethod::kTreeWalk;
  const bool is_usable = at.record.policy &&
                         !at.record.has_bad_subdomain_policy &&
                         !(is_walk && at.record.has_bad_nonexistent_policy);
  std::optional<DmarcPolicy> policy = DmarcPolicy::kNone;
  if (is_usable)
    policy = is_walk ? WalkPolicy(from.author, at, from.dns, from.deadline)
                     : ListPolicy(from.author, at);
  // RFC 9989 s.4.10.1, RFC 7489 s.6.6.3: a record that cannot be used counts as
  // p=none when it asks for reports; else DMARC does not apply at all, whatever
  // stands further up.
  const bool is_ignored = !is_usable && !at.record.has_reports;
  if (is_ignored) {
    out->status = DmarcDiscovery::Status::kAbsent;
  } else if (!policy) {
    out->status = DmarcDiscovery::Status::kTempError;
  } else {
    out->status = DmarcDiscovery::Status::kFound;
    out->found_at = at.domain;
    out->policy = *policy;
  }
}

DmarcDiscovery ByTreeWalk(const PolicySearch& from) {
  DmarcDiscovery out;
  const Walk walk = WalkTree(from.author, from.dns, from.deadline);
  out.fault = walk.fault;
  if (walk.is_start_unknown) return out;
  const bool has_own =
      !walk.found.empty() && walk.found.front().domain == from.author;
  if (!walk.is_unknown)
    out.organizational_domain = OrganizationOf(from.author, walk);
  if (has_own) {
    // It decides without the rest of the walk.
    Apply(from, walk.found.front(), &out);
    return out;
  }
  if (walk.is_unknown) return out;
  out.status = DmarcDiscovery::Status::kAbsent;
  if (walk.found.empty()) return out;
  // RFC 9989 s.4.10.1: the organizational domain's record, else that of the
  // public suffix above it, which is the last one found.
  const auto at = std::find_if(
      walk.found.begin(), walk.found.end(), [&](const Lookup& lookup) {
        return lookup.domain == *out.organizational_domain;
      });
  Apply(from, at == walk.found.end() ? walk.found.back() : *at, &out);
  return out;
}

// RFC 7489 s.6.6.3: the author domain, then its organizational domain.
DmarcDiscovery ByPublicSuffixList(const PolicySearch& from) {
  DmarcDiscovery out;
  out.organizational_domain =
      RegistrableDomain(from.author).value_or(from.author);
  Lookup lookup = AskRecord(from.author, from.dns, from.deadline);
  const bool is_empty = lookup.records == 0 && !lookup.is_unanswered;
  if (is_empty && *out.organizational_domain != from.author)
    lookup = AskRecord(*out.organizational_domain, from.dns, from.deadline);
  out.fault = lookup.fault;
  if (lookup.is_unanswered) return out;
  out.status = DmarcDiscovery::Status::kAbsent;
  if (lookup.is_found()) Apply(from, lookup, &out);
  return out;
}

}  // namespace

DmarcDiscovery DiscoverDmarc(const Domain& author_domain, DmarcMethod method,
                             Dns& dns, Deadline deadline) {
  const PolicySearch from{author_domain, method, dns, deadline};
  switch (method) {
    case DmarcMethod::kTreeWalk:
      return ByTreeWalk(from);
    case DmarcMethod::kPublicSuffixList:
      return ByPublicSuffixList(from);
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
