#include "policy/facts/spf_proposal.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/facts/spf_flatten.h"
#include "policy/facts/spf_record.h"
#include "policy/facts/zone_line.h"

namespace postern {
namespace {

constexpr std::size_t kMaxRecord = 450;  // RFC 7208 s.3.4: an answer of 512
constexpr int kMaxRounds = 24;
constexpr int kMaxParts = 8;

using Terms = std::vector<std::string>;

std::string TextOf(const Terms& terms) {
  return terms.empty() ? "v=spf1" : "v=spf1 " + Join(terms, " ");
}

// The term alone; nullopt: it is no mechanism.
std::optional<SpfTerm> Mechanism(const std::string& term) {
  Result<SpfRecord> record = ParseSpfRecord("v=spf1 " + term);
  if (!record || record->terms.size() != 1) return std::nullopt;
  return std::move(record->terms.front());
}

bool IsRedirect(const std::string& term) {
  return StartsWithIgnoreCase(term, "redirect=");
}

// Where a record comes to its end: all or redirect.
bool EndsRecord(const std::string& term) {
  const auto mechanism = Mechanism(term);
  return IsRedirect(term) ||
         (mechanism && mechanism->mechanism == SpfMechanism::kAll);
}

std::string NetworkOf(const IpAddress& address) {
  const bool is_v4 = address.family() == IpAddress::Family::kV4;
  return fmt::format("ip{}:{}", is_v4 ? 4 : 6, address.ToString());
}

// A network that the record passes: it may stand in a record of its own.
bool IsPassedNetwork(const std::string& term) {
  const auto mechanism = Mechanism(term);
  return mechanism && mechanism->network && mechanism->qualifier == '+';
}

// The real DNS with the proposal already published.
class ProposedDns final : public Dns {
 public:
  ProposedDns(const SpfProposal& proposal, Dns& dns)
      : proposal_(proposal), dns_(dns) {}

  DnsAnswer Ask(std::string_view name, RrType type,
                Deadline deadline) override {
    const auto asked = QueryName(name);
    for (const SpfPublication& record : proposal_.records)
      if (asked == record.name && type == RrType::kTxt)
        return {DnsStatus::kOk, {{.value = record.text}}, {}};
    return dns_.Ask(name, type, deadline);
  }

 private:
  const SpfProposal& proposal_;
  Dns& dns_;
};

std::vector<std::string> WordsOf(std::string_view record) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(record, ' '))
    if (!word.empty()) words.emplace_back(word);
  words.erase(words.begin());  // v=spf1
  return words;
}

// "-all" asks for more than "~all".
std::size_t Laxity(const std::string& all) {
  constexpr std::string_view kStrictFirst = "-~?";
  return std::min(kStrictFirst.find(all.front()), kStrictFirst.size());
}

bool IsAll(const std::string& term) {
  return EndsRecord(term) && !IsRedirect(term);
}

bool IsStricter(const std::string& end, const std::string& than) {
  if (than.empty()) return true;
  return IsAll(end) && (IsRedirect(than) || Laxity(end) < Laxity(than));
}

// The words of all records that are no error by themselves.
std::vector<std::string> SoundWords(const std::vector<std::string>& records) {
  std::vector<std::string> sound;
  for (const std::string& record : records)
    for (std::string& word : WordsOf(record))
      if (ParseSpfRecord("v=spf1 " + word)) sound.push_back(std::move(word));
  return sound;
}

// One record of several, or of one in error: each sound term once, in order,
// the strictest end last.
Terms Merged(const std::vector<std::string>& records) {
  Terms terms;
  std::string end;
  bool has_explanation = false;
  for (std::string& word : SoundWords(records)) {
    if (EndsRecord(word)) {
      if (IsStricter(word, end)) end = std::move(word);
      continue;
    }
    const bool is_second = StartsWithIgnoreCase(word, "exp=") &&
                           std::exchange(has_explanation, true);
    const bool is_known = std::ranges::find(terms, word) != terms.end();
    if (!is_second && !is_known) terms.push_back(std::move(word));
  }
  if (!end.empty()) terms.push_back(std::move(end));
  return terms;
}

// A record on its way to what can be proposed.
class Draft {
 public:
  Draft(std::string domain, Terms terms, Dns& dns, Deadline deadline)
      : domain_(std::move(domain)),
        terms_(std::move(terms)),
        dns_(dns),
        deadline_(deadline),
        flattener_(dns, deadline) {}

  // The record as it can be published, in several where it is too long.
  [[nodiscard]] std::optional<SpfProposal> Publish();
  // Takes away what makes it permerror; false: it cannot be helped.
  [[nodiscard]] bool Repair(const SpfAnswer& answer);
  // Lets the address pass, which the answer denies.
  [[nodiscard]] bool Admit(const IpAddress& address, const SpfAnswer& answer);

 private:
  [[nodiscard]] Terms::iterator Find(const SpfAnswer& answer);
  [[nodiscard]] bool FlattenOne(const SpfAnswer& answer);
  [[nodiscard]] std::optional<std::string> FreeName();

  std::string domain_;
  Terms terms_;
  Dns& dns_;
  Deadline deadline_;
  SpfFlattener flattener_;
  Terms admitted_;
  int parts_ = 0;
};

// The term that the answer names, where it is the record's own.
Terms::iterator Draft::Find(const SpfAnswer& answer) {
  if (answer.term.empty() || answer.term_domain != domain_) return terms_.end();
  return std::ranges::find_if(terms_, [&](const std::string& term) {
    return EqualsIgnoreCase(term, answer.term);
  });
}

bool Draft::Admit(const IpAddress& address, const SpfAnswer& answer) {
  const std::string network = NetworkOf(address);
  if (std::ranges::find(admitted_, network) != admitted_.end()) return false;
  admitted_.push_back(network);
  auto place = Find(answer);
  if (place == terms_.end()) place = std::ranges::find_if(terms_, EndsRecord);
  const auto decides = place == terms_.end() ? std::nullopt : Mechanism(*place);
  const bool is_this_one =
      decides && decides->network && decides->network->address() == address &&
      std::cmp_equal(decides->network->bits(), address.octets().size() * 8);
  if (is_this_one) {
    *place = network;  // the qualifier was wrong
  } else {
    terms_.insert(place, network);
  }
  return true;
}

bool Draft::Repair(const SpfAnswer& answer) {
  switch (answer.fault) {
    case SpfFault::kNoRecord: {
      const auto place = Find(answer);
      if (place == terms_.end()) return false;
      terms_.erase(place);
      return true;
    }
    case SpfFault::kTooManyLookups:
    case SpfFault::kTooManyVoids:
      return FlattenOne(answer);
    case SpfFault::kNone:
    case SpfFault::kSyntax:
    case SpfFault::kSeveralRecords:
    case SpfFault::kTooManyHosts:
      return false;
  }
  return false;
}

// Flattens the term that saves most look-ups, so that as much as possible of
// the record stays as its owner wrote it; of look-ups without an answer, the
// one that was too many.
bool Draft::FlattenOne(const SpfAnswer& answer) {
  auto best = terms_.end();
  SpfFlattener::Flat flat;
  for (auto place = terms_.begin(); place != terms_.end(); ++place) {
    const auto term = Mechanism(*place);
    if (!term || term->network) continue;
    auto other = flattener_.Flatten(*term, domain_);
    if (!other) continue;
    const bool is_culprit =
        answer.fault == SpfFault::kTooManyVoids && place == Find(answer);
    if (is_culprit) other->lookups += kMaxRounds;
    if (other->lookups <= flat.lookups) continue;
    best = place;
    flat = std::move(*other);
  }
  if (best == terms_.end()) return false;
  const auto place = terms_.erase(best);
  terms_.insert(place, flat.terms.begin(), flat.terms.end());
  return true;
}

// nullopt: DNS did not answer, or every name is taken.
std::optional<std::string> Draft::FreeName() {
  while (parts_ < kMaxParts) {
    auto name = QueryName(fmt::format("_spf{}.{}", ++parts_, domain_));
    if (!name) return std::nullopt;
    const DnsStatus status = dns_.Ask(*name, RrType::kTxt, deadline_).status;
    if (status == DnsStatus::kTempError) return std::nullopt;
    if (status != DnsStatus::kOk) return name;
  }
  return std::nullopt;
}

std::optional<SpfProposal> Draft::Publish() {
  SpfProposal proposal{{{domain_, TextOf(terms_)}}};
  if (proposal.records.front().text.size() <= kMaxRecord) return proposal;
  // Networks that pass may change places with whatever passes, not with what
  // does not.
  parts_ = 0;
  Terms own;
  Terms part;
  for (std::size_t i = 0; i <= terms_.size(); ++i) {
    const bool is_last = i == terms_.size();
    const bool is_movable = !is_last && IsPassedNetwork(terms_[i]);
    const auto term = is_last ? std::nullopt : Mechanism(terms_[i]);
    const bool is_barrier =
        is_last || (term && (term->qualifier != '+' || EndsRecord(terms_[i])));
    if (is_movable) part.push_back(terms_[i]);
    const bool is_full = TextOf(part).size() > kMaxRecord - 60;
    if (!part.empty() && (is_full || is_barrier)) {
      const auto name = FreeName();
      if (!name) return std::nullopt;
      part.emplace_back("-all");
      own.push_back("include:" + *name);
      proposal.records.push_back({*name, TextOf(std::exchange(part, {}))});
    }
    if (!is_last && !is_movable) own.push_back(terms_[i]);
  }
  proposal.records.front().text = TextOf(own);
  if (proposal.records.front().text.size() > kMaxRecord) return std::nullopt;
  return proposal;
}

// Addresses that are none of ours: neighbours, and far away.
std::vector<IpAddress> Strangers(std::span<const SpfQuery> queries) {
  std::vector<IpAddress> strangers;
  for (const char* text : {"8.0.0.1", "100.0.0.1", "198.18.0.1",
                           "203.0.113.254", "2001:db8:ffff::1", "2a00::1"})
    strangers.push_back(*IpAddress::Parse(text));
  for (const SpfQuery& query : queries) {
    std::string octets(query.address.octets());
    octets.back() = static_cast<char>(octets.back() ^ 1);
    strangers.push_back(*IpAddress::FromOctets(octets));
  }
  std::erase_if(strangers, [&](const IpAddress& stranger) {
    return std::ranges::find(queries, stranger, &SpfQuery::address) !=
           queries.end();
  });
  return strangers;
}

// Whether somebody is let in whom the published record denies.
bool IsWider(std::span<const SpfQuery> queries, Dns& before, Dns& after,
             Deadline deadline) {
  for (const IpAddress& stranger : Strangers(queries)) {
    SpfQuery query = queries.front();
    query.address = stranger;
    if (EvaluateSpf(query, after, deadline).result != SpfResult::kPass)
      continue;
    switch (EvaluateSpf(query, before, deadline).result) {
      case SpfResult::kNone:
      case SpfResult::kNeutral:
      case SpfResult::kFail:
      case SpfResult::kSoftfail:
      case SpfResult::kTempError:
        return true;
      case SpfResult::kPass:
      case SpfResult::kPermError:  // what the owner meant is not known
        break;
    }
  }
  return false;
}

// The published records as a first draft; nullopt: DNS did not answer.
std::optional<Terms> Published(const SpfQuery& query, const std::string& domain,
                               Dns& dns, Deadline deadline) {
  const DnsAnswer answer = dns.Ask(domain, RrType::kTxt, deadline);
  if (answer.status == DnsStatus::kTempError) return std::nullopt;
  std::vector<std::string> texts;
  for (const DnsRecord& record : answer.records)
    if (IsSpfRecord(record.value)) texts.push_back(record.value);
  // A host sends its own mail only; a domain may have senders we know not of.
  if (texts.empty()) return Terms{query.mail_from.empty() ? "-all" : "~all"};
  const bool is_sound = texts.size() == 1 && ParseSpfRecord(texts.front());
  return is_sound ? WordsOf(texts.front()) : Merged(texts);
}

// One step towards a record that lets everybody of ours pass. False: none is
// possible.
bool Improve(std::span<const SpfQuery> queries, Dns& dns, Deadline deadline,
             Draft& draft, bool* is_done) {
  std::vector<std::pair<const SpfQuery*, SpfAnswer>> denied;
  for (const SpfQuery& query : queries) {
    SpfAnswer answer = EvaluateSpf(query, dns, deadline);
    switch (answer.result) {
      case SpfResult::kPass:
        break;
      case SpfResult::kPermError:
        return draft.Repair(answer);
      case SpfResult::kTempError:
      case SpfResult::kNone:
        return false;
      case SpfResult::kNeutral:
      case SpfResult::kFail:
      case SpfResult::kSoftfail:
        denied.emplace_back(&query, std::move(answer));
    }
  }
  *is_done = denied.empty();
  return std::ranges::all_of(denied, [&](const auto& one) {
    return draft.Admit(one.first->address, one.second);
  });
}

}  // namespace

std::string SpfProposal::ToString() const {
  std::vector<std::string> parts;
  for (const SpfPublication& record : records)
    parts.push_back(fmt::format("at {} TXT {}", EscapeForLog(record.name),
                                QuoteTxt(record.text)));
  return "publish " + Join(parts, "; ");
}

std::optional<SpfProposal> ProposeSpf(std::span<const SpfQuery> queries,
                                      Dns& dns, Deadline deadline) {
  const SpfAnswer published = EvaluateSpf(queries.front(), dns, deadline);
  const auto name = QueryName(published.domain);
  if (!name) return std::nullopt;
  auto terms = Published(queries.front(), *name, dns, deadline);
  if (!terms) return std::nullopt;
  Draft draft(*name, *terms, dns, deadline);
  for (int round = 0; round < kMaxRounds; ++round) {
    const auto proposal = draft.Publish();
    if (!proposal) return std::nullopt;
    ProposedDns proposed(*proposal, dns);
    bool is_done = false;
    if (!Improve(queries, proposed, deadline, draft, &is_done))
      return std::nullopt;
    if (!is_done) continue;
    const bool is_news = round > 0 || published.result != SpfResult::kPass;
    const bool is_good = is_news && !IsWider(queries, dns, proposed, deadline);
    return is_good ? proposal : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace postern
