#include "policy/facts/spf_flatten.h"

#include <algorithm>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr int kMaxDepth = 10;
constexpr int kMaxQuestions = 200;  // for all terms of one proposal
constexpr std::size_t kMaxNetworks = 400;
constexpr std::size_t kMaxMxHosts = 10;  // RFC 7208 s.4.6.4

// A domain-spec that is the same for every sender.
std::optional<std::string> Fixed(std::string_view spec,
                                 const std::string& domain) {
  if (spec.empty()) return domain;
  if (Contains(spec, "%")) return std::nullopt;
  return QueryName(spec);
}

std::string Network(const IpAddress& address, const SpfTerm& term) {
  const bool is_v4 = address.family() == IpAddress::Family::kV4;
  const int bits = is_v4 ? term.v4_bits : term.v6_bits;
  const bool is_whole = bits == (is_v4 ? 32 : 128);
  return fmt::format("ip{}:{}{}", is_v4 ? 4 : 6, address.ToString(),
                     is_whole ? "" : fmt::format("/{}", bits));
}

}  // namespace

std::optional<SpfFlattener::Flat> SpfFlattener::Flatten(
    const SpfTerm& term, const std::string& domain) {
  flat_ = {};
  qualifier_ = term.qualifier == '+' ? "" : std::string(1, term.qualifier);
  if (!Add(term, domain, 0)) return std::nullopt;
  return std::move(flat_);
}

bool SpfFlattener::Add(const SpfTerm& term, const std::string& domain,
                       int depth) {
  const auto target = Fixed(term.domain_spec, domain);
  if (!target) return false;
  switch (term.mechanism) {
    case SpfMechanism::kIp4:
    case SpfMechanism::kIp6: {
      const bool is_bare = IsAlpha(term.text.front());
      return AddNetwork(is_bare ? term.text : term.text.substr(1));
    }
    case SpfMechanism::kA:
      ++flat_.lookups;
      return AddHost(term, *target);
    case SpfMechanism::kMx:
      ++flat_.lookups;
      return AddMx(term, *target);
    case SpfMechanism::kInclude:
      ++flat_.lookups;
      return AddPasses(*target, depth + 1);
    case SpfMechanism::kAll:
    case SpfMechanism::kPtr:
    case SpfMechanism::kExists:
      return false;
  }
  return false;
}

// What the domain's record passes. Its order counts as soon as something else
// than a pass stands before a pass.
bool SpfFlattener::AddPasses(const std::string& domain, int depth) {
  if (depth > kMaxDepth) return false;
  const auto answer = Ask(domain, RrType::kTxt);
  if (!answer) return false;
  std::vector<std::string> texts;
  for (const DnsRecord& record : answer->records)
    if (IsSpfRecord(record.value)) texts.push_back(record.value);
  if (texts.size() != 1) return false;
  const Result<SpfRecord> record = ParseSpfRecord(texts.front());
  if (!record) return false;
  for (const SpfTerm& term : record->terms) {
    const bool is_pass = term.qualifier == '+';
    if (term.mechanism == SpfMechanism::kAll) return !is_pass;
    if (!is_pass || !Add(term, domain, depth)) return false;
  }
  if (!record->redirect) return true;
  ++flat_.lookups;
  const auto target = Fixed(*record->redirect, domain);
  return target && AddPasses(*target, depth + 1);
}

bool SpfFlattener::AddHost(const SpfTerm& term, const std::string& host) {
  for (const RrType type : {RrType::kA, RrType::kAaaa}) {
    const auto answer = Ask(host, type);
    if (!answer) return false;
    for (const DnsRecord& record : answer->records) {
      const auto address = IpAddress::FromOctets(record.value);
      // An AAAA that is IPv4-mapped matches no client.
      const bool is_plain =
          address && address->octets().size() == record.value.size();
      if (is_plain && !AddNetwork(Network(*address, term))) return false;
    }
  }
  return true;
}

bool SpfFlattener::AddMx(const SpfTerm& term, const std::string& domain) {
  const auto answer = Ask(domain, RrType::kMx);
  if (!answer || answer->records.size() > kMaxMxHosts) return false;
  return std::ranges::all_of(answer->records, [&](const DnsRecord& record) {
    return record.value.empty() || AddHost(term, record.value);
  });
}

bool SpfFlattener::AddNetwork(const std::string& network) {
  std::string term = qualifier_ + network;
  auto& terms = flat_.terms;
  if (std::ranges::find(terms, term) != terms.end()) return true;
  if (terms.size() >= kMaxNetworks) return false;
  terms.push_back(std::move(term));
  return true;
}

std::optional<DnsAnswer> SpfFlattener::Ask(const std::string& name,
                                           RrType type) {
  if (++questions_ > kMaxQuestions) return std::nullopt;
  DnsAnswer answer = dns_.Ask(name, type, deadline_);
  if (answer.status == DnsStatus::kTempError) return std::nullopt;
  return answer;
}

}  // namespace postern
