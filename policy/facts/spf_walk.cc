#include "policy/facts/spf_walk.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

// RFC 7208 s.4.6.4.
constexpr int kMaxLookups = 10;
constexpr int kMaxVoids = 2;
constexpr std::size_t kMaxMxHosts = 10;
constexpr std::size_t kMaxName = 253;

bool AsksDns(const SpfTerm& term) {
  switch (term.mechanism) {
    case SpfMechanism::kAll:
    case SpfMechanism::kIp4:
    case SpfMechanism::kIp6:
      return false;
    case SpfMechanism::kInclude:
    case SpfMechanism::kA:
    case SpfMechanism::kMx:
    case SpfMechanism::kPtr:
    case SpfMechanism::kExists:
      return true;
  }
  return false;
}

int BitsFor(const SpfTerm& term, const IpAddress& client) {
  return client.family() == IpAddress::Family::kV4 ? term.v4_bits
                                                   : term.v6_bits;
}

bool Covers(const SpfTerm& term, std::string_view octets,
            const IpAddress& client) {
  const auto address = IpAddress::FromOctets(octets);
  if (!address) return false;
  const auto network = IpNetwork::Parse(
      fmt::format("{}/{}", address->ToString(), BitsFor(term, client)));
  return network && network->Contains(client);
}

DnsAnswer YesOrNo(bool is_match) {  // what libspf2 is told
  if (!is_match) return {DnsStatus::kNoData, {}, {}};
  return {DnsStatus::kOk, {{.value = std::string("\x7f\0\0\2", 4)}}, {}};
}

}  // namespace

SpfWalk::SpfWalk(const SpfQuery& query, SpfIdentity identity, Dns& dns,
                 Deadline deadline)
    : query_(query),
      identity_(std::move(identity)),
      dns_(dns),
      deadline_(deadline),
      client_(query.address, dns, deadline),
      tokens_{{Token::Kind::kRecord, 0, std::nullopt}} {}

std::string SpfWalk::AddToken(Token token) {
  tokens_.push_back(std::move(token));
  return fmt::format("t{}.g", tokens_.size() - 1);
}

std::optional<SpfWalk::Token> SpfWalk::Find(std::string_view token) const {
  if (!token.starts_with('t') || !token.ends_with(".g")) return std::nullopt;
  token.remove_prefix(1);
  token.remove_suffix(2);
  std::size_t index = 0;
  const auto [stop, error] =
      std::from_chars(token.data(), token.data() + token.size(), index);
  if (error != std::errc() || index >= tokens_.size()) return std::nullopt;
  return tokens_[index];
}

SpfMacroValues SpfWalk::Values(const std::string& domain) {
  return {.address = query_.address,
          .local_part = identity_.local_part,
          .sender_domain = identity_.domain,
          .domain = domain,
          .helo_name = query_.helo_name,
          .receiver_name = query_.receiver_name,
          .now_seconds = query_.now_seconds,
          .validated_name = [this, domain] { return client_.NameFor(domain); }};
}

// s.7.3: a name that came out too long loses labels from the left.
std::string SpfWalk::Target(std::string_view spec, const std::string& domain) {
  if (spec.empty()) return domain;
  std::string name = ExpandSpfMacros(spec, Values(domain));
  if (name.ends_with('.')) name.pop_back();
  while (name.size() > kMaxName) {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) break;
    name.erase(0, dot + 1);
  }
  return name;
}

std::string SpfWalk::DomainOf(const Token& token) {
  if (visits_.empty()) return identity_.domain;
  const Visit& visit = visits_[token.visit];
  const std::string spec = token.term
                               ? visit.record.terms[*token.term].domain_spec
                               : visit.record.redirect.value_or("");
  return Target(spec, visit.domain);
}

std::string SpfWalk::TermOf(const Token& token) const {
  if (visits_.empty()) return "";
  const Visit& visit = visits_[token.visit];
  return token.term ? visit.record.terms[*token.term].text
                    : "redirect=" + visit.record.redirect.value_or("");
}

std::string SpfWalk::Quote(const Token& token) const {
  if (visits_.empty()) return "";
  return fmt::format("\"{}\" of {}", EscapeForLog(TermOf(token)),
                     EscapeForLog(visits_[token.visit].domain));
}

void SpfWalk::SetPermError(SpfFault fault, std::string reason,
                           const Token& token) {
  if (has_permerror()) return;
  const std::string& domain =
      visits_.empty() ? identity_.domain : visits_[token.visit].domain;
  permerror_ = {fault, std::move(reason), TermOf(token), domain};
}

SpfWalk::TokenRecord SpfWalk::Refuse(SpfFault fault, std::string reason,
                                     const Token& token) {
  SetPermError(fault, std::move(reason), token);
  return {Retrieval::kPermError, ""};
}

DnsAnswer SpfWalk::Ask(std::string_view name, RrType type) {
  DnsAnswer answer = dns_.Ask(name, type, deadline_);
  if (answer.status == DnsStatus::kTempError && temperror_.empty())
    temperror_ = fmt::format("DNS did not answer for {} {}", EscapeForLog(name),
                             ToString(type));
  return answer;
}

bool SpfWalk::CountLookup(const Token& token) {
  if (++lookups_ <= kMaxLookups) return true;
  lookups_ = kMaxLookups;
  SetPermError(SpfFault::kTooManyLookups,
               fmt::format("more than 10 DNS lookups ({})", Quote(token)),
               token);
  return false;
}

bool SpfWalk::CountVoid(const DnsAnswer& answer, const Token& token) {
  const bool is_void = answer.status == DnsStatus::kNxDomain ||
                       answer.status == DnsStatus::kNoData;
  if (!is_void || ++voids_ <= kMaxVoids) return true;
  SetPermError(SpfFault::kTooManyVoids,
               fmt::format("more than 2 DNS lookups without an answer ({})",
                           Quote(token)),
               token);
  return false;
}

void SpfWalk::NotePermissiveTerm(const SpfRecord& record,
                                 const std::string& place) {
  const auto term = std::ranges::find_if(record.terms, IsTooPermissive);
  if (permissive_term_.empty() && term != record.terms.end())
    permissive_term_ =
        fmt::format("\"{}\" of {}", EscapeForLog(term->text), place);
}

// Notes that libspf2 has come to an include or redirect.
void SpfWalk::FollowInto(const Token& token) {
  if (visits_.empty()) return;
  Visit& from = visits_[token.visit];
  if (token.term) from.reached = token.term;
  from.is_match = false;
  from.next = visits_.size();
  if (!token.term && token.visit == top_) top_ = visits_.size();
}

SpfWalk::TokenRecord SpfWalk::Retrieve(std::string_view name) {
  const auto token = Find(name);
  if (!token || has_permerror()) return {Retrieval::kPermError, ""};
  const bool is_first = visits_.empty();
  if (!is_first && !CountLookup(*token)) return {Retrieval::kPermError, ""};
  const std::string domain = DomainOf(*token);
  const DnsAnswer answer = Ask(domain, RrType::kTxt);
  if (answer.status == DnsStatus::kTempError)
    return {Retrieval::kTempError, ""};
  if (!is_first && !CountVoid(answer, *token))
    return {Retrieval::kPermError, ""};
  std::vector<std::string> records;
  for (const DnsRecord& txt : answer.records)
    if (IsSpfRecord(txt.value)) records.push_back(txt.value);
  const std::string place = EscapeForLog(domain);
  if (records.size() > 1)
    return Refuse(SpfFault::kSeveralRecords,
                  fmt::format("more than one SPF record at {}", place), *token);
  if (records.empty() && is_first) return {Retrieval::kNone, ""};
  if (records.empty())  // s.5.2, s.6.1
    return Refuse(SpfFault::kNoRecord,
                  fmt::format("{}: {} has no SPF record", Quote(*token), place),
                  *token);
  Result<SpfRecord> record = ParseSpfRecord(records.front());
  if (!record)
    return Refuse(SpfFault::kSyntax,
                  fmt::format("{} in the SPF record of {}",
                              record.error().message, place),
                  *token);
  NotePermissiveTerm(*record, place);
  FollowInto(*token);
  visits_.push_back({.domain = domain, .record = std::move(*record)});
  return {Retrieval::kFound, Rewrite(visits_.size() - 1)};
}

// The record in tokens, up to the term that decides without DNS.
std::string SpfWalk::Rewrite(std::size_t visit) {
  std::string text = "v=spf1";
  const auto& terms = visits_[visit].record.terms;
  int asking = 0;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const bool is_all = terms[i].mechanism == SpfMechanism::kAll;
    const auto& network = terms[i].network;
    if (is_all || (network && network->Contains(query_.address))) {
      visits_[visit].closing = i;
      return text + fmt::format(" {}all", terms[i].qualifier);
    }
    if (!AsksDns(terms[i])) continue;
    // No check comes past the limit, and libspf2 drops terms beyond its own.
    if (++asking > kMaxLookups + 1) return text;
    text += RewriteTerm(visit, i);
  }
  if (visits_[visit].record.redirect)
    text +=
        " redirect=" + AddToken({Token::Kind::kRecord, visit, std::nullopt});
  return text;
}

std::string SpfWalk::RewriteTerm(std::size_t visit, std::size_t index) {
  const SpfTerm& term = visits_[visit].record.terms[index];
  const bool is_include = term.mechanism == SpfMechanism::kInclude;
  const std::string token = AddToken(
      {is_include ? Token::Kind::kRecord : Token::Kind::kTerm, visit, index});
  if (is_include) return fmt::format(" {}include:{}", term.qualifier, token);
  const bool is_host =
      term.mechanism == SpfMechanism::kA || term.mechanism == SpfMechanism::kMx;
  // exists and ptr ask for a yes or no.
  if (!is_host) return fmt::format(" {}exists:{}", term.qualifier, token);
  const bool is_v4 = query_.address.family() == IpAddress::Family::kV4;
  const int bits = BitsFor(term, query_.address);
  const std::string cidr =
      // libspf2 takes 0 for "none given"; Addresses() settles that.
      bits == 0 ? "" : fmt::format("{}{}", is_v4 ? "/" : "//", bits);
  return fmt::format(" {}{}:{}{}", term.qualifier,
                     term.mechanism == SpfMechanism::kA ? "a" : "mx", token,
                     cidr);
}

DnsAnswer SpfWalk::Lookup(std::string_view name) {
  const auto token = Find(name);
  if (!token || has_permerror() || token->kind == Token::Kind::kRecord)
    return {};
  if (token->kind == Token::Kind::kMxHost)
    return Addresses(*token, token->host, client_.address_type());
  Visit& visit = visits_[token->visit];
  visit.reached = token->term;
  visit.is_match = false;
  visit.next.reset();
  if (!CountLookup(*token)) return {};
  DnsAnswer answer = LookupTerm(*token);
  return has_permerror() ? DnsAnswer{} : answer;
}

DnsAnswer SpfWalk::LookupTerm(const Token& token) {
  Visit& visit = visits_[token.visit];
  const std::string target = DomainOf(token);
  switch (visit.record.terms[*token.term].mechanism) {
    case SpfMechanism::kA: {
      DnsAnswer answer = Addresses(token, target, client_.address_type());
      (void)CountVoid(answer, token);
      return answer;
    }
    case SpfMechanism::kExists: {
      // s.5.7: an A record, also when the client has IPv6.
      const DnsAnswer answer = Ask(target, RrType::kA);
      (void)CountVoid(answer, token);
      if (answer.status == DnsStatus::kTempError) return answer;
      visit.is_match = answer.status == DnsStatus::kOk;
      return YesOrNo(visit.is_match);
    }
    case SpfMechanism::kPtr:
      // s.5.5: an error of DNS means no match.
      if (CountVoid(client_.Names(), token))
        visit.is_match = client_.HasNameWithin(target);
      return YesOrNo(visit.is_match);
    case SpfMechanism::kMx: {
      DnsAnswer answer = Ask(target, RrType::kMx);
      (void)CountVoid(answer, token);
      return MxHosts(token, std::move(answer));
    }
    case SpfMechanism::kAll:
    case SpfMechanism::kInclude:
    case SpfMechanism::kIp4:
    case SpfMechanism::kIp6:
      break;
  }
  return {};
}

// The host's addresses for libspf2 to compare. Under a prefix of 0 any address
// of the client's family matches: it is given the client's own.
DnsAnswer SpfWalk::Addresses(const Token& token, const std::string& host,
                             RrType type) {
  DnsAnswer answer = Ask(host, type);
  Visit& visit = visits_[token.visit];
  const SpfTerm& term = visit.record.terms[*token.term];
  visit.is_match |=
      std::ranges::any_of(answer.records, [&](const auto& record) {
        return Covers(term, record.value, query_.address);
      });
  if (BitsFor(term, query_.address) == 0 && !answer.records.empty())
    answer.records = {{.value = std::string(query_.address.octets())}};
  return answer;
}

DnsAnswer SpfWalk::MxHosts(const Token& token, DnsAnswer answer) {
  if (answer.records.size() > kMaxMxHosts) {
    SetPermError(SpfFault::kTooManyHosts,
                 fmt::format("more than 10 MX hosts ({})", Quote(token)),
                 token);
    return {};
  }
  for (DnsRecord& record : answer.records)
    record.value = AddToken({Token::Kind::kMxHost, token.visit, token.term,
                             std::move(record.value)});
  return answer;
}

SpfWalk::Decision SpfWalk::DecisionOf(const Visit& visit) const {
  const auto decided_by = [&](const SpfTerm& term) -> Decision {
    return {term.qualifier, term.text, visit.domain};
  };
  const auto& terms = visit.record.terms;
  if (visit.reached) {
    const SpfTerm& term = terms[*visit.reached];
    const bool is_included = term.mechanism == SpfMechanism::kInclude &&
                             visit.next &&
                             DecisionOf(visits_[*visit.next]).qualifier == '+';
    if (visit.is_match || is_included) return decided_by(term);
  }
  if (visit.closing) return decided_by(terms[*visit.closing]);
  if (visit.record.redirect && visit.next)
    return DecisionOf(visits_[*visit.next]);
  return {'?', "", visit.domain};
}

void SpfWalk::Tell(SpfAnswer* answer) const {
  answer->lookups = lookups_;
  answer->permissive_term = permissive_term_;
  if (has_permerror()) {
    answer->reason = permerror_.reason;
    answer->fault = permerror_.fault;
    answer->term = permerror_.term;
    answer->term_domain = ToLower(permerror_.domain);
  } else if (answer->result == SpfResult::kTempError) {
    answer->reason = temperror_;
  } else if (visits_.empty()) {
    answer->reason = EscapeForLog(identity_.domain) + " has no SPF record";
  } else {
    const Decision decision = DecisionOf(visits_.front());
    const std::string place = EscapeForLog(decision.domain);
    answer->term = decision.term;
    answer->term_domain = ToLower(decision.domain);
    answer->reason =
        decision.term.empty()
            ? fmt::format("no term of {} matches", place)
            : fmt::format("\"{}\" of {}", EscapeForLog(decision.term), place);
  }
}

std::optional<std::string> SpfWalk::Explanation() {
  if (visits_.empty()) return std::nullopt;
  const Visit& top = visits_[top_];
  if (!top.record.explanation) return std::nullopt;
  const std::string name = Target(*top.record.explanation, top.domain);
  const DnsAnswer answer = dns_.Ask(name, RrType::kTxt, deadline_);
  // s.6.2: any error, or several records, and there is no explanation.
  if (answer.records.size() != 1) return std::nullopt;
  const std::string& text = answer.records.front().value;
  if (!IsSpfMacroString(text, SpfMacroUse::kExplanation)) return std::nullopt;
  return ExpandSpfMacros(text, Values(top.domain));
}

}  // namespace postern
